import CCrypto
import Glibc
import Kafka
import Testing

struct ProcessExitTests {
    @Test func openSSLIsNotTakenDownAtTheEnd() async {
        await #expect(processExitsWith: .exitCode(7)) {
            keepOpenSSLAtExit()
            // As librdkafka does.
            OPENSSL_init_crypto(UInt64(OPENSSL_INIT_LOAD_CRYPTO_STRINGS), nil)
            OPENSSL_atexit { _exit(1) }
            exit(7)
        }
    }
}
