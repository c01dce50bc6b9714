/// One of the campaign's texts, made ready for its messages: whatever is the same in each stands here as bytes.
final class MessageForm {
    /// A part of the text.
    enum Piece {
        /// As it stands, with the UTF-16 units that it takes.
        case literal(Range<Int>, units: Int)
        /// To be filled in.
        case placeholder(MessageTemplates.Placeholder)
    }

    /// How literals are written.
    enum Spelling {
        /// Within a JSON string.
        case json
        /// As the subscriber reads it.
        case plain
    }

    /// `"template":"recharge-gift","parameters":{`
    let head: Range<Int>
    /// What the text is filled with, in the order of `Placeholder`, each with `"date":"`, behind a comma where it is not
    /// the first.
    let parameters: [(name: Range<Int>, placeholder: MessageTemplates.Placeholder)]
    /// The text's parts, the signature in 【】 first.
    let pieces: [Piece]
    private let literals: Writer

    init(_ kind: MessageTemplates.Kind, of messages: MessageTemplates, as spelling: Spelling) {
        let template = messages.pieces(kind)
        let placeholders = MessageTemplates.Placeholder.allCases.filter { template.contains(.placeholder($0)) }
        var literals = Writer()
        head = literals.range { $0.put(text: "\"template\":\"\(kind.rawValue)\",\"parameters\":{") }
        parameters = placeholders.map { placeholder in
            let comma = placeholder == placeholders.first ? "" : ","
            return (literals.range { $0.put(text: "\(comma)\"\(placeholder.rawValue)\":\"") }, placeholder)
        }
        pieces = ([.literal("【\(messages.signature)】")] + template).map { piece in
            switch piece {
            case .placeholder(let placeholder): return .placeholder(placeholder)
            case .literal(let text):
                let range = literals.range { spelling == .json ? $0.putEscaped(text) : $0.put(text: text) }
                return .literal(range, units: text.utf16.count)
            }
        }
        self.literals = literals
    }

    /// The bytes that stand there.
    func bytes(_ range: Range<Int>) -> Bytes { literals.bytes.slice(range.lowerBound, range.upperBound) }
}

extension Writer {
    /// Where stands what `write` writes.
    fileprivate mutating func range(_ write: (inout Writer) -> Void) -> Range<Int> {
        let start = count
        write(&self)
        return start..<count
    }
}

extension Writer {
    /// Writes a message's text and returns how many UTF-16 units it takes as the subscriber reads it.
    mutating func putText(of command: Command, _ form: MessageForm) -> Int {
        var units = 0
        for piece in form.pieces {
            switch piece {
            case .literal(let range, let literalUnits):
                put(form.bytes(range))
                units += literalUnits
            case .placeholder(let placeholder):
                let start = count
                putValue(of: placeholder, command)
                units += utf16Units(bytes(from: start))
            }
        }
        return units
    }

    /// Writes what stands for a placeholder. No value needs an escape in JSON.
    mutating func putValue(of placeholder: MessageTemplates.Placeholder, _ command: Command) {
        switch placeholder {
        case .date: putDate(command.eventTime)
        case .amount: putYuan(command.amountFen)
        case .credit: putYuan(command.lines.total)
        case .refunded: putYuan(command.refundedFen)
        case .breakdown: putBreakdown(command.lines)
        }
    }

    /// Writes `（含立减5元、套餐优惠11.6元）`: each line but the bonus credit; nothing when there is none.
    private mutating func putBreakdown(_ lines: Lines) {
        var isFirst = true
        lines.forEach { benefit, fen in
            guard let name = benefit.chineseName else { return }
            put(isFirst ? "（含" : "、")
            isFirst = false
            put(name)
            putYuan(fen)
            put("元")
        }
        if !isFirst { put("）") }
    }
}

extension Benefit {
    /// As an SMS calls it; nil for the bonus credit, which is the gift itself.
    fileprivate var chineseName: StaticString? {
        switch self {
        case .instantDiscount: "立减"
        case .bonusCredit: nil
        case .package: "套餐优惠"
        case .assist, .helper: "好友助力"
        case .compensation: "补偿"
        }
    }
}

/// How many UTF-16 units a text takes: every byte that begins a character counts one, those of four bytes, above U+FFFF, two.
func utf16Units(_ text: Bytes) -> Int {
    var units = text.count
    var index = 0
    // Eight bytes at a time, told by their high bits: 10 continues a character, 1111 begins one of four bytes.
    while index + 8 <= text.count {
        let word = text.word(at: index)
        units -= bytesWithHighBit(word & ~(word << 1))
        units += bytesWithHighBit(word & word << 1 & word << 2 & word << 3)
        index += 8
    }
    for byte in text.buffer[index...] {
        if byte & 0xC0 == 0x80 { units -= 1 } else if byte >= 0xF0 { units += 1 }
    }
    return units
}

private func bytesWithHighBit(_ word: UInt64) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    return Int((((word >> 7) & ones) &* ones) >> 56)
}

/// How many SMS a text of so many UTF-16 units takes: 70 in one, else 67 in each (contract, section 4).
func segmentCount(utf16Units units: Int) -> Int64 {
    units <= 70 ? 1 : Int64((units + 66) / 67)
}
