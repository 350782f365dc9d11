#include "CMuJoCo.h"

#if __has_include(<mujoco/mujoco.h>)
#include <mujoco/mujoco.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"

// A handle is MuJoCo's own pointer.
static const mjModel *in_model(const ludus_mujoco_model *model) { return (const mjModel *)model; }
static mjData *in_data(const ludus_mujoco_data *data) { return (mjData *)data; }

// MARK: - Errors and warnings

_Thread_local struct ludus_mujoco_guard ludus_mujoco_guard;
static atomic_uint_fast64_t warnings;

static void on_error(const char *message) {
    struct ludus_mujoco_guard *guard = &ludus_mujoco_guard;
    if (!guard->is_set) {
        fprintf(stderr, "MuJoCo: %s\n", message);
        abort();
    }
    snprintf(guard->failure, sizeof guard->failure, "%s", message);
    longjmp(guard->place, 1);
}

static void on_warning(const char *message) {
    (void)message;
    atomic_fetch_add_explicit(&warnings, 1, memory_order_relaxed);
}

static void set_handlers(void) {
    mju_user_error = on_error;
    mju_user_warning = on_warning;
}

void ludus_mujoco_prepare(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_handlers);
}

bool ludus_mujoco_is_available(void) { return true; }
const char *ludus_mujoco_version(void) { return mj_versionString(); }
const char *ludus_mujoco_failure(void) { return ludus_mujoco_guard.failure; }
uint64_t ludus_mujoco_warning_count(void) { return atomic_load_explicit(&warnings, memory_order_relaxed); }

// MARK: - Models

static _Thread_local mjModel *loaded_model;

static int32_t load_model(const char *path, char *message, size_t capacity) {
    loaded_model = NULL;
    LUDUS_RETURN_GUARDED(loaded_model = mj_loadXML(path, NULL, message, (int)capacity));
}

ludus_mujoco_model *ludus_mujoco_load(const char *path, char *message, size_t capacity) {
    ludus_mujoco_prepare();
    message[0] = 0;
    if (load_model(path, message, capacity) != 0) {
        snprintf(message, capacity, "%s", ludus_mujoco_guard.failure);
        return NULL;
    }
    if (loaded_model == NULL && message[0] == 0) snprintf(message, capacity, "MuJoCo doesn't say why");
    return (ludus_mujoco_model *)loaded_model;
}

void ludus_mujoco_free_model(ludus_mujoco_model *model) { mj_deleteModel((mjModel *)model); }

ludus_mujoco_constants ludus_mujoco_describe(const ludus_mujoco_model *handle) {
    const mjModel *model = in_model(handle);
    return (ludus_mujoco_constants){
        .positions = (int32_t)model->nq,
        .velocities = (int32_t)model->nv,
        .controls = (int32_t)model->nu,
        .activations = (int32_t)model->na,
        .bodies = (int32_t)model->nbody,
        .sites = (int32_t)model->nsite,
        .timestep = model->opt.timestep,
        .masses = model->body_mass,
        .initial_positions = model->qpos0,
        .control_ranges = model->actuator_ctrlrange,
    };
}

int32_t ludus_mujoco_find(const ludus_mujoco_model *model, ludus_mujoco_kind kind, const char *name) {
    static const int kinds[] = {mjOBJ_BODY, mjOBJ_JOINT, mjOBJ_SITE, mjOBJ_ACTUATOR, mjOBJ_GEOM};
    return mj_name2id(in_model(model), kinds[kind], name);
}

// MARK: - States

static _Thread_local mjData *made_data;

static int32_t make_data(const mjModel *model) {
    made_data = NULL;
    LUDUS_RETURN_GUARDED(made_data = mj_makeData(model));
}

ludus_mujoco_data *ludus_mujoco_make(const ludus_mujoco_model *model) {
    return make_data(in_model(model)) == 0 ? (ludus_mujoco_data *)made_data : NULL;
}

void ludus_mujoco_free_data(ludus_mujoco_data *data) { mj_deleteData(in_data(data)); }

ludus_mujoco_view ludus_mujoco_look(ludus_mujoco_data *handle) {
    mjData *data = in_data(handle);
    return (ludus_mujoco_view){
        .position = data->qpos,
        .velocity = data->qvel,
        .control = data->ctrl,
        .body_position = data->xpos,
        .mass_center = data->xipos,
        .site_position = data->site_xpos,
        .inertia = data->cinert,
        .body_velocity = data->cvel,
        .actuator_force = data->qfrc_actuator,
        .constraint_force = data->qfrc_constraint,
        .acceleration = data->qacc,
        .external_force = data->cfrc_ext,
        .warm_start = data->qacc_warmstart,
        .time = &data->time,
    };
}

static void step(const mjModel *model, mjData *data, int32_t count) {
    for (int32_t i = 0; i < count; ++i) mj_step(model, data);
}

int32_t ludus_mujoco_reset(const ludus_mujoco_model *model, ludus_mujoco_data *data) {
    LUDUS_RETURN_GUARDED(mj_resetData(in_model(model), in_data(data)));
}

int32_t ludus_mujoco_forward(const ludus_mujoco_model *model, ludus_mujoco_data *data) {
    LUDUS_RETURN_GUARDED(mj_forward(in_model(model), in_data(data)));
}

int32_t ludus_mujoco_step(const ludus_mujoco_model *model, ludus_mujoco_data *data, int32_t count) {
    LUDUS_RETURN_GUARDED(step(in_model(model), in_data(data), count));
}

int32_t ludus_mujoco_contact_forces(const ludus_mujoco_model *model, ludus_mujoco_data *data) {
    LUDUS_RETURN_GUARDED(mj_rnePostConstraint(in_model(model), in_data(data)));
}

int32_t ludus_mujoco_breakdowns(const ludus_mujoco_data *data) {
    const mjWarningStat *warning = in_data(data)->warning;
    return warning[mjWARN_BADQPOS].number + warning[mjWARN_BADQVEL].number + warning[mjWARN_BADQACC].number;
}

// MARK: - Saved states

int32_t ludus_mujoco_state_size(const ludus_mujoco_model *model) {
    return (int32_t)mj_stateSize(in_model(model), mjSTATE_INTEGRATION);
}

int32_t ludus_mujoco_save(const ludus_mujoco_model *model, const ludus_mujoco_data *data, double *state) {
    LUDUS_RETURN_GUARDED(mj_getState(in_model(model), in_data(data), state, mjSTATE_INTEGRATION));
}

int32_t ludus_mujoco_restore(const ludus_mujoco_model *model, ludus_mujoco_data *data, const double *state) {
    LUDUS_RETURN_GUARDED(mj_setState(in_model(model), in_data(data), state, mjSTATE_INTEGRATION));
}

#else
#include <stdio.h>
#include <stdlib.h>

bool ludus_mujoco_is_available(void) { return false; }
const char *ludus_mujoco_version(void) { return ""; }
const char *ludus_mujoco_failure(void) { return ""; }
uint64_t ludus_mujoco_warning_count(void) { return 0; }

ludus_mujoco_model *ludus_mujoco_load(const char *path, char *message, size_t capacity) {
    snprintf(message, capacity, "this program was built without MuJoCo");
    return NULL;
}

// Without a model none of these can be called.
void ludus_mujoco_free_model(ludus_mujoco_model *model) { abort(); }
ludus_mujoco_constants ludus_mujoco_describe(const ludus_mujoco_model *model) { abort(); }
int32_t ludus_mujoco_find(const ludus_mujoco_model *model, ludus_mujoco_kind kind, const char *name) { abort(); }
ludus_mujoco_data *ludus_mujoco_make(const ludus_mujoco_model *model) { abort(); }
void ludus_mujoco_free_data(ludus_mujoco_data *data) { abort(); }
ludus_mujoco_view ludus_mujoco_look(ludus_mujoco_data *data) { abort(); }
int32_t ludus_mujoco_reset(const ludus_mujoco_model *model, ludus_mujoco_data *data) { abort(); }
int32_t ludus_mujoco_forward(const ludus_mujoco_model *model, ludus_mujoco_data *data) { abort(); }
int32_t ludus_mujoco_step(const ludus_mujoco_model *model, ludus_mujoco_data *data, int32_t count) { abort(); }
int32_t ludus_mujoco_contact_forces(const ludus_mujoco_model *model, ludus_mujoco_data *data) { abort(); }
int32_t ludus_mujoco_breakdowns(const ludus_mujoco_data *data) { abort(); }
int32_t ludus_mujoco_state_size(const ludus_mujoco_model *model) { abort(); }
int32_t ludus_mujoco_save(const ludus_mujoco_model *model, const ludus_mujoco_data *data, double *state) { abort(); }
int32_t ludus_mujoco_restore(const ludus_mujoco_model *model, ludus_mujoco_data *data, const double *state) {
    abort();
}
#endif
