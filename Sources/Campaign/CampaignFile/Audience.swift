/// Who takes part (contract, section 7): the override lists first, else operator and city must both hold.
public struct Audience: Equatable, Sendable {
    /// The campaign's operator.
    public let carrier: Carrier
    /// The campaign's city, a code of GB/T 2260.
    public let city: UInt32
    /// The 7-digit segments that this operator issued in this city.
    public let segments: Set<UInt32>
    /// Numbers that count whatever their segment: they moved to us.
    public let portedIn: Set<PhoneNumber>
    /// Numbers that don't: they moved away.
    public let portedOut: Set<PhoneNumber>

    /// The section `audience` of the campaign file.
    public init(
        carrier: Carrier, city: UInt32, segments: Set<UInt32>, portedIn: Set<PhoneNumber>, portedOut: Set<PhoneNumber>
    ) {
        self.carrier = carrier
        self.city = city
        self.segments = segments
        self.portedIn = portedIn
        self.portedOut = portedOut
    }

    /// True when the number takes part. What the event says of carrier and city counts; where it is silent, the segment does.
    func includes(_ number: PhoneNumber, carrier eventCarrier: Carrier? = nil, city eventCity: UInt32? = nil) -> Bool {
        if portedIn.contains(number) { return true }
        if portedOut.contains(number) { return false }
        if let eventCarrier, eventCarrier != carrier { return false }
        if let eventCity, eventCity != city { return false }
        return eventCarrier != nil && eventCity != nil || segments.contains(number.segment)
    }
}

/// A mobile operator, as events name it.
public enum Carrier: String, Sendable, CaseIterable {
    /// 中国移动
    case mobile = "CMCC"
    /// 中国联通
    case unicom = "CUCC"
    /// 中国电信
    case telecom = "CTCC"
    /// 中国广电
    case broadnet = "CBN"
}
