"""Options by EnvPool's names, by Python's, or by the engine's own."""

import os
import re

# EnvPool's and Gymnasium's names of task options, and what the engine calls them.
ENVPOOL_NAMES = {
    "stack_num": "stackCount",
    "frame_skip": "frameSkip",
    "noop_max": "noopMaximum",
    "use_fire_reset": "usesFireReset",
    "episodic_life": "hasEpisodicLife",
    "reward_clip": "clipsReward",
    "zero_discount_on_life_loss": "zeroesDiscountOnLifeLoss",
    "repeat_action_probability": "repeatActionProbability",
    "full_action_space": "usesFullActionSpace",
    "gray_scale": "isGray",
    "img_height": "imageHeight",
    "img_width": "imageWidth",
    "ctrl_cost_weight": "controlCostWeight",
    "dist_cost_weight": "distanceCostWeight",
    "contact_cost_max": "maximumContactCost",
    "terminate_when_unhealthy": "terminatesWhenUnhealthy",
    "exclude_current_positions_from_observation": "excludesPlace",
    "healthy_z_range": "healthyHeights",
    "healthy_angle_range": "healthyAngles",
    "healthy_state_range": "healthyStates",
    "contact_force_range": "contactForces",
    "reset_qvel_scale": "resetVelocityScale",
    "xml_file": "file",
}
# Options of EnvPool that change nothing here: (values that mean so).
_WITHOUT_EFFECT = {
    "base_path": None,
    "gym_reset_return_info": (True,),
    "max_num_players": None,
    "reward_threshold": None,
    "use_inter_area_resize": (True,),
    "from_pixels": (False,),
    "frame_stack": (1,),
    "gymnasium_v5_render_camera": None,
    "task": None,
}
_LIGHT = ("classic", "toy-text")


def task_options(options: dict) -> dict:
    """The engine's names and values of task options.

    Raises ValueError for options of EnvPool that the engine can't follow.
    """
    chosen = {}
    for name, value in options.items():
        if name in _WITHOUT_EFFECT:
            allowed = _WITHOUT_EFFECT[name]
            if allowed is not None and value not in allowed:
                raise ValueError(f"{name}={value!r} can't be chosen here; only {allowed[0]!r}")
            continue
        if name in ("mode", "difficulty") and value == -1:
            continue
        if hasattr(value, "tolist"):
            value = value.tolist()
        if isinstance(value, (bool, int, float, str, list, tuple, dict, type(None))):
            chosen[ENVPOOL_NAMES.get(name, _camel(name))] = value
        else:
            raise TypeError(f"{name} is a {type(value).__name__}; options are numbers, texts, flags, or lists of them")
    return chosen


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def thread_count(wanted: int, batch_size: int, count: int, family: str) -> int:
    """Threads for a pool; 0 means as many as pay."""
    if wanted < 0:
        raise ValueError(f"num_threads is {wanted}, must be at least 0")
    if wanted:
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if family in _LIGHT and count < 1024 else min(batch_size, cores)


def is_quick(family: str, count: int) -> bool:
    """Whether a step is too short for other Python threads to gain from it."""
    return family in _LIGHT and count <= 4096


def whole(value, name: str) -> int:
    """A whole number; TypeError for anything else."""
    try:
        return value.__index__()
    except AttributeError:
        raise TypeError(f"{name} is {value!r}, must be a whole number") from None


def seed_list(seeds, count: int) -> list:
    """A seed, or None, for each environment, from a number (counted up) or a sequence."""
    if seeds is None:
        return [None] * count
    if hasattr(seeds, "__len__"):
        if len(seeds) != count:
            raise ValueError(f"{len(seeds)} seeds were given, {count} are needed: one for each environment")
        return [None if seed is None else whole(seed, "a seed") & 0xFFFFFFFFFFFFFFFF for seed in seeds]
    first = whole(seeds, "seed")
    return [(first + index) & 0xFFFFFFFFFFFFFFFF for index in range(count)]
