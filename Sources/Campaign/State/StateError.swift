/// Why a shard can't go on: each says what a person should do. A worker stops on it and never guesses.
public enum StateError: Error, Equatable, CustomStringConvertible {
    /// Bytes that this program does not know how to read; with what they are.
    case unreadable(String)
    /// The topics had another number of partitions when the state began.
    case otherPartitionCount(kept: Int32, found: Int32)
    /// The campaign file changes what may not change any more, or is an older one.
    case refusedCampaign([String])

    /// One line for the log.
    public var description: String {
        switch self {
        case .unreadable(let what):
            "\(what) is not of a form that this version knows; run the version that wrote it, or a newer one"
        case .otherPartitionCount(let kept, let found):
            "the state was made with \(kept) partitions and the topics have \(found): a partition count is for life; "
                + "recreate the topics under a new TOPICS_PREFIX"
        case .refusedCampaign(let problems):
            "the campaign file may not replace the one that last ran: " + problems.joined(separator: "; ")
        }
    }
}
