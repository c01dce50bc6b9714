/// A number for each of a few keys, in one row: to add to one costs little more than to add to a variable.
struct Counts<Key: RawRepresentable<UInt8> & CaseIterable>: Sendable {
    private var numbers = [Int64](repeating: 0, count: 1 + Int(Key.allCases.map(\.rawValue).max() ?? 0))

    init() {}

    /// The number of each key.
    init(_ number: (Key) -> Int64) {
        for key in Key.allCases { self[key] = number(key) }
    }

    subscript(key: Key) -> Int64 {
        get { numbers[Int(key.rawValue)] }
        set { numbers[Int(key.rawValue)] = newValue }
    }

    mutating func add(_ other: Counts) {
        for index in numbers.indices { numbers[index] += other.numbers[index] }
    }

    mutating func removeAll() {
        for index in numbers.indices { numbers[index] = 0 }
    }
}
