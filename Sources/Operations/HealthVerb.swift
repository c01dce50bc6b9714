import Worker

extension Verb {
    static let health = Verb(
        words: ["health"],
        options: [
            Option(flag: "--ready", meaning: "also whether it has all its partitions, and was not asked to stop")
        ],
        settings: [.httpAddress], summary: "ask the worker on this machine how it is",
        details: [
            "Asks the worker that serves HTTP_ADDRESS whether it lives (/livez), or with --ready whether it is ready",
            "(/readyz), and prints its answer. 0 when it is well, else 1: a container's health check.",
        ],
        perform: { invocation in
            invocation.withSettings(needsBrokers: false) { settings in
                guard let address = settings.httpAddress else {
                    return .refusal(["HTTP_ADDRESS is off, so nobody can be asked"], .badConfiguration)
                }
                let path = invocation.options["--ready"] == nil ? "/livez" : "/readyz?verbose"
                return askHealth(HTTPGet(address: address, path: path))
            }
        })
}

private func askHealth(_ request: HTTPGet) -> Outcome {
    do throws(HTTPGet.Failure) {
        let answer = try request.answer()
        return .answer(answer.lines, answer.status == 200 ? .ok : .failed)
    } catch {
        return .refusal(
            ["no worker answers at \(request.address.host):\(request.address.port): \(error.reason)"], .failed)
    }
}
