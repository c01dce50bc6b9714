internal import CRdKafka  // its shim has mallopt

/// Makes the C library keep freed memory for the next batch instead of giving it to the system and faulting it in again,
/// page by page, with every transaction. Call it before the first client is made.
package func keepFreedMemory() {
    mallopt(M_TRIM_THRESHOLD, 1 << 30)
    // The largest that it takes: request buffers stay in the heap.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TOP_PAD, 16 << 20)
}
