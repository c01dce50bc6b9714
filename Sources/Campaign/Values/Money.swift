/// An amount of money in fen, 1/100 yuan. Never a fraction.
public typealias Fen = Int64

extension Writer {
    /// Writes yuan without needless zeros, as a subscriber reads it: `100`, `99.5`, `11.06`.
    public mutating func putYuan(_ fen: Fen) {
        if fen < 0 { put("-") }
        let magnitude = fen.magnitude
        putDigits(magnitude / 100)
        let rest = UInt8(magnitude % 100)
        guard rest > 0 else { return }
        put(".")
        put(byte: 0x30 + rest / 10)
        if rest % 10 > 0 { put(byte: 0x30 + rest % 10) }
    }
}

/// Yuan without needless zeros: `100`, `99.5`.
public func yuan(_ fen: Fen) -> String {
    var writer = Writer()
    writer.putYuan(fen)
    return writer.bytes.text
}
