import Glibc
import Operations
import Worker

exit(Program.main(arguments: Array(CommandLine.arguments.dropFirst()), environment: processEnvironment()).rawValue)
