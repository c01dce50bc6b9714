internal import CCrypto

/// Lets the process exit without taking OpenSSL down: librdkafka's threads, which nobody waits for, may still use it, and
/// what they give back as they end would be freed twice. Call it first of all, for OpenSSL listens at its first use only.
public func keepOpenSSLAtExit() {
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
}
