// C11's threads as POSIX threads, for ThreadSanitizer, which sees only these: librdkafka's threads would crash it, and
// their locks would order nothing. Tests/sanitize puts it before glibc, whose types for both are the same.
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

static pthread_mutex_t *mutex(mtx_t *lock) { return (pthread_mutex_t *)lock; }
static pthread_cond_t *condition(cnd_t *variable) { return (pthread_cond_t *)variable; }
static int result(int error) { return error == 0 ? thrd_success : thrd_error; }

struct start {
    thrd_start_t body;
    void *argument;
};

static void *run(void *given) {
    struct start start = *(struct start *)given;
    free(given);
    return (void *)(intptr_t)start.body(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t body, void *argument) {
    struct start *start = malloc(sizeof *start);
    if (!start) return thrd_nomem;
    *start = (struct start){body, argument};
    int error = pthread_create(thread, NULL, run, start);
    if (error) free(start);
    return result(error);
}

int thrd_join(thrd_t thread, int *value) {
    void *returned;
    int error = pthread_join(thread, &returned);
    if (!error && value) *value = (int)(intptr_t)returned;
    return result(error);
}

int mtx_init(mtx_t *lock, int kind) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    if (kind & mtx_recursive) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    int error = pthread_mutex_init(mutex(lock), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return result(error);
}

void mtx_destroy(mtx_t *lock) { pthread_mutex_destroy(mutex(lock)); }
int mtx_lock(mtx_t *lock) { return result(pthread_mutex_lock(mutex(lock))); }
int mtx_unlock(mtx_t *lock) { return result(pthread_mutex_unlock(mutex(lock))); }

int cnd_init(cnd_t *variable) { return result(pthread_cond_init(condition(variable), NULL)); }
void cnd_destroy(cnd_t *variable) { pthread_cond_destroy(condition(variable)); }
int cnd_wait(cnd_t *variable, mtx_t *lock) { return result(pthread_cond_wait(condition(variable), mutex(lock))); }
int cnd_signal(cnd_t *variable) { return result(pthread_cond_signal(condition(variable))); }
int cnd_broadcast(cnd_t *variable) { return result(pthread_cond_broadcast(condition(variable))); }

int cnd_timedwait(cnd_t *variable, mtx_t *lock, const struct timespec *until) {
    int error = pthread_cond_timedwait(condition(variable), mutex(lock), until);
    return error == ETIMEDOUT ? thrd_timedout : result(error);
}
