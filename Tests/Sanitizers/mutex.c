// Swift's Mutex for ThreadSanitizer. Taken without a wait, its atomics are in our own code, where the sanitizer sees them;
// after a wait they are Swift's library's and the kernel's. So these say what they order, around the library's own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define swift_method __attribute__((swiftcall))
#define swift_self __attribute__((swift_context))

swift_method void lock(uint32_t thread, swift_self void *mutex) __asm__(LOCK);
swift_method bool try_lock(swift_self void *mutex) __asm__(TRY_LOCK);
swift_method void unlock(swift_self void *mutex) __asm__(UNLOCK);

swift_method void lock(uint32_t thread, swift_self void *mutex) {
    ((swift_method void (*)(uint32_t, swift_self void *))dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

swift_method bool try_lock(swift_self void *mutex) {
    bool locked = ((swift_method bool (*)(swift_self void *))dlsym(RTLD_NEXT, TRY_LOCK))(mutex);
    if (locked && __tsan_acquire) __tsan_acquire(mutex);
    return locked;
}

swift_method void unlock(swift_self void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((swift_method void (*)(swift_self void *))dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
