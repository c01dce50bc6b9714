import Glibc
import Kafka
import Operations
import Worker

keepOpenSSLAtExit()
exit(Program.main(arguments: Array(CommandLine.arguments.dropFirst()), environment: processEnvironment()).rawValue)
