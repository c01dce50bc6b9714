import Testing

@testable import Kafka

@Suite struct GroupPlaceTests {
    private func isMember(_ bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { GroupPlace(written: $0)?.isMember }
    }

    private func written(generation: Int32, member: String) -> [UInt8] {
        Array("CGMDv2:".utf8) + withUnsafeBytes(of: generation.littleEndian) { Array($0) }
            + Array("group\0\(member)\0\u{1}".utf8)
    }

    @Test func aPlaceNeedsMemberAndGeneration() {
        #expect(isMember(written(generation: 0, member: "m-1")) == true)
        #expect(isMember(written(generation: 7, member: "m-1")) == true)
        #expect(isMember(written(generation: -1, member: "m-1")) == false)
        #expect(isMember(written(generation: 7, member: "")) == false)
    }

    @Test func anotherFormIsNoPlace() {
        #expect(isMember([]) == nil)
        #expect(isMember(Array("CGMDv3:".utf8) + [0, 0, 0, 0, 65, 0, 66, 0]) == nil)
    }
}
