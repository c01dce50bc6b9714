import Campaign
import Testing

@Suite struct MaskingTests {
    @Test(arguments: [
        ("13812345678", "138****5678"),
        ("tel 13812345678, 19900001111.", "tel 138****5678, 199****1111."),
        ("+8613812345678", "+86138****5678"),
        ("8613812345678", "86138****5678"),
        ("008613812345678", "0086138****5678"),
        ("id-13812345678x", "id-138****5678x"),
        ("您的13812345678号", "您的138****5678号"),
    ])
    func numbersAreMasked(_ text: String, _ expected: String) {
        #expect(masked(text) == expected)
    }

    @Test(arguments: [
        "", "no number", "12345678901", "1381234567", "138123456789", "20260501138123456780", "8712345678901",
        "1777777777000", "10812345678",
    ])
    func otherDigitsStay(_ text: String) {
        #expect(masked(text) == text)
    }
}
