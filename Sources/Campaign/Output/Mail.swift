/// What one shard tells another on `campaign-mail`, written in the sender's transaction.
public enum Mail {
    /// An accepted assist, for its helper's shard.
    case claim(Claim)
    /// An input record that stood in another partition than its subject's.
    case forwarded(SourceRecord)

    private static let version: UInt8 = 1

    /// Reads a mail. Texts are views into `bytes`. Throws for a form or a version that this program does not know.
    public init(_ bytes: Bytes) throws(StateError) {
        do throws(Reader.Malformed) {
            var reader = Reader(bytes)
            guard try reader.byte() == Self.version else { throw Reader.Malformed() }
            switch try reader.byte() {
            case 1: self = .claim(try reader.claim())
            case 2: self = .forwarded(try reader.sourceRecord())
            default: throw Reader.Malformed()
            }
            guard reader.isAtEnd else { throw Reader.Malformed() }
        } catch {
            throw .unreadable("a record of campaign-mail")
        }
    }

    static func put(_ claim: Claim, into writer: inout Writer) {
        writer.put(byte: version)
        writer.put(byte: 1)
        writer.put(claim)
    }

    static func put(_ record: SourceRecord, into writer: inout Writer) {
        writer.put(byte: version)
        writer.put(byte: 2)
        writer.put(record)
    }
}

extension Writer {
    fileprivate mutating func put(_ claim: Claim) {
        putCounted(claim.assistID)
        putVarint(Int64(claim.helper.value))
        putVarint(claim.worthFen)
        putVarint(claim.times)
        putVarint(claim.eventTime.microseconds)
        putVarint(claim.rulesVersion)
        putCounted(claim.traceparent)
    }
}

extension Reader {
    fileprivate mutating func claim() throws(Malformed) -> Claim {
        Claim(
            assistID: try counted(), helper: try number(), worthFen: try varint(), times: try varint(),
            eventTime: Timestamp(microseconds: try varint()), rulesVersion: try varint(), traceparent: try counted())
    }
}
