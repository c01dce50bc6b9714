import HTTP
import Kafka

/// Health and metrics over HTTP.
enum Endpoints {
    private static let mostConnections = 64
    private static let connectionMs: Int64 = 10_000

    /// Listens where the settings say, and answers on a thread of its own for as long as the process lives.
    static func serve(_ vitals: Vitals, _ settings: Settings) throws(StartFailure) {
        guard let address = settings.httpAddress else { return }
        let log = settings.log
        let socket: ListeningSocket
        do throws(ListeningSocket.Failure) {
            socket = try ListeningSocket(host: address.host, port: address.port)
        } catch {
            throw StartFailure(
                stop: Stop(
                    .badConfiguration,
                    "\(Setting.httpAddress.name) \(address) can't be listened on: \(error.reason). Give each process a "
                        + "port of its own, or 'off'"))
        }
        log.write(.info, "listening", "health and metrics", ["port": .integer(Int64(socket.port))])
        startThread {
            do throws(HTTPServer.Failure) {
                let server = try HTTPServer(
                    on: socket, connections: mostConnections, connectionMs: connectionMs
                ) { answer($0, vitals) }
                server.run()
            } catch {
                log.write(.error, "listening", "health and metrics are not served: no memory or descriptor is left")
            }
        }
    }

    static func answer(_ request: HTTPRequest, _ vitals: Vitals) -> HTTPResponse {
        let isVerbose = request.arguments.contains("verbose")
        let now = Clock.monotonicMilliseconds()
        return switch request.path {
        case "/livez": HTTPResponse(vitals.liveness(nowMs: now), isVerbose: isVerbose)
        case "/readyz": HTTPResponse(vitals.readiness, isVerbose: isVerbose)
        case "/metrics":
            HTTPResponse(
                200, vitals.metrics(now: Clock.now(), monotonicMs: now), contentType: MetricsText.contentType)
        default: HTTPResponse(404, "there are /livez, /readyz and /metrics\n")
        }
    }
}
