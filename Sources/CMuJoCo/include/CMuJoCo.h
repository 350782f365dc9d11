// MuJoCo's models and states behind opaque handles.
//
// Built without MuJoCo's headers every function is still there, and ludus_mujoco_load says that the library is missing.
// Errors that MuJoCo reports by its error handler, which would end the program, come back as a status: the functions
// that can fail return 0 on success, and ludus_mujoco_failure tells the calling thread what went wrong. Warnings are
// counted and nothing is written to files.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif
#ifdef __cplusplus
extern "C" {
#endif

/// A model: what there is in a scene. Never changed after it was loaded.
typedef struct ludus_mujoco_model ludus_mujoco_model;
/// A state of a model, with everything that was computed from it.
typedef struct ludus_mujoco_data ludus_mujoco_data;

/// Whether the library was there when this was compiled.
bool ludus_mujoco_is_available(void);
/// The library's version, such as "3.6.0"; empty where it isn't available.
const char *ludus_mujoco_version(void);
/// The last failure of the calling thread; empty if there was none.
const char *ludus_mujoco_failure(void);
/// Warnings of all threads since the program started.
uint64_t ludus_mujoco_warning_count(void);

/// Reads a model from an XML file. Null on failure, with a sentence in `message`, which ends with a zero byte.
ludus_mujoco_model *_Nullable ludus_mujoco_load(const char *path, char *message, size_t capacity);
void ludus_mujoco_free_model(ludus_mujoco_model *model);

/// Sizes and constants of a model.
typedef struct {
    /// Numbers of a position, of a velocity, of a control; states of actuators, bodies, sites.
    int32_t positions, velocities, controls, activations, bodies, sites;
    /// Seconds of a step.
    double timestep;
    /// `[bodies]` masses.
    const double *_Nullable masses;
    /// `[positions]` where a reset puts the model.
    const double *_Nullable initial_positions;
    /// `[controls, 2]` bounds of the controls; unused where a control isn't bounded.
    const double *_Nullable control_ranges;
} ludus_mujoco_constants;
ludus_mujoco_constants ludus_mujoco_describe(const ludus_mujoco_model *model);

/// Kinds of named things.
typedef enum {
    ludus_mujoco_body = 0,
    ludus_mujoco_joint = 1,
    ludus_mujoco_site = 2,
    ludus_mujoco_actuator = 3,
    ludus_mujoco_geometry = 4
} ludus_mujoco_kind;
/// The index of a name, or -1.
int32_t ludus_mujoco_find(const ludus_mujoco_model *model, ludus_mujoco_kind kind, const char *name);

/// Makes a state; null on failure.
ludus_mujoco_data *_Nullable ludus_mujoco_make(const ludus_mujoco_model *model);
void ludus_mujoco_free_data(ludus_mujoco_data *data);

/// Arrays of a state; they stay where they are as long as the state lives.
typedef struct {
    /// `[positions]`, `[velocities]`, `[controls]`.
    double *_Nullable position, *_Nullable velocity, *_Nullable control;
    /// `[bodies, 3]` positions of the bodies' frames, and of their centres of mass; `[sites, 3]` of sites.
    const double *_Nullable body_position, *_Nullable mass_center, *_Nullable site_position;
    /// `[bodies, 10]` inertias and `[bodies, 6]` velocities about the centre of mass of the tree.
    const double *_Nullable inertia, *_Nullable body_velocity;
    /// `[velocities]` forces of actuators and of constraints; `[velocities]` accelerations.
    const double *_Nullable actuator_force, *_Nullable constraint_force, *_Nullable acceleration;
    /// `[bodies, 6]` forces from outside, contacts included; by ludus_mujoco_contact_forces.
    const double *_Nullable external_force;
    /// `[velocities]` accelerations from which the solver of constraints starts.
    double *_Nullable warm_start;
    /// Seconds since the reset.
    double *_Nullable time;
} ludus_mujoco_view;
ludus_mujoco_view ludus_mujoco_look(ludus_mujoco_data *data);

/// Puts the state to where the model starts.
int32_t ludus_mujoco_reset(const ludus_mujoco_model *model, ludus_mujoco_data *data);
/// Computes everything that depends on position, velocity and control, without going further in time.
int32_t ludus_mujoco_forward(const ludus_mujoco_model *model, ludus_mujoco_data *data);
/// Goes `count` steps further.
int32_t ludus_mujoco_step(const ludus_mujoco_model *model, ludus_mujoco_data *data, int32_t count);
/// Computes the external forces on bodies.
int32_t ludus_mujoco_contact_forces(const ludus_mujoco_model *model, ludus_mujoco_data *data);
/// How often, since the last reset by the caller, MuJoCo found positions, velocities or accelerations that aren't
/// finite or are too large, and put the state back to the start for it.
int32_t ludus_mujoco_breakdowns(const ludus_mujoco_data *data);

/// Numbers in a saved state.
int32_t ludus_mujoco_state_size(const ludus_mujoco_model *model);
/// Saves what later steps depend on.
int32_t ludus_mujoco_save(const ludus_mujoco_model *model, const ludus_mujoco_data *data, double *state);
/// Takes what ludus_mujoco_save gave.
int32_t ludus_mujoco_restore(const ludus_mujoco_model *model, ludus_mujoco_data *data, const double *state);

#ifdef __cplusplus
}
#endif
#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
