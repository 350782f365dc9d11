"""Many environments of one task, stepped together by the Ludus engine.

`Pool` is the engine as it is; `make` and its kin have EnvPool's names; `GymnasiumVectorEnv` is Gymnasium's `VectorEnv`.
"""

from .envpool import DMEnvPool, EnvPool, GymnasiumEnvPool
from .memory import Batch
from .pool import Pool
from .registration import list_all_envs, make, make_dm, make_gym, make_gymnasium, make_spec, make_vec
from .rollout import Rollout
from .spec import EnvSpec
from .specification import Space, Specification
from .vector import GymnasiumVectorEnv

__version__ = "0.1.0"

__all__ = [
    "Batch", "DMEnvPool", "EnvPool", "EnvSpec", "GymnasiumEnvPool", "GymnasiumVectorEnv", "Pool", "Rollout", "Space",
    "Specification", "list_all_envs", "make", "make_dm", "make_gym", "make_gymnasium", "make_spec", "make_vec",
]
