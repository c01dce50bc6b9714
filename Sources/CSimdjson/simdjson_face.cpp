#include "CSimdjson.h"

#include <cstring>
#include <limits>
#include <new>
#include <simdjson.h>
#include <string>
#include <type_traits>

using simdjson::dom::element;
using simdjson::dom::element_type;

struct csj_parser {
    simdjson::dom::parser parser;
};

// An element is a document and a place on its tape; a csj_value holds the same two words.
static_assert(sizeof(element) == sizeof(csj_value) && std::is_trivially_copyable<element>::value, "element has changed");

static csj_value wrap(const element &from) {
    csj_value value;
    std::memcpy(&value, &from, sizeof value);
    return value;
}

static element unwrap(csj_value value) {
    element to;
    std::memcpy(&to, &value, sizeof to);
    return to;
}

csj_parser *csj_parser_new(void) { return new (std::nothrow) csj_parser; }

void csj_parser_free(csj_parser *parser) { delete parser; }

static bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

static size_t end_of_digits(const char *bytes, size_t from, size_t count) {
    while (from < count && is_digit(bytes[from])) from++;
    return from;
}

// simdjson's DOM refuses a whole document for one number that no machine word holds, also in a member that nobody reads.
// This is the same text with each such number made one that it takes: integers of 20 digits and more become the largest
// Int64, exponents of 3 digits and more become 99. What is no JSON stays none.
static std::string with_bounded_numbers(const char *bytes, size_t count) {
    std::string text;
    bool in_string = false;
    char before = ' ';  // the last letter outside of strings that is no digit, or one of them within a number
    for (size_t index = 0; index < count;) {
        char letter = bytes[index];
        if (in_string || !is_digit(letter)) {
            if (letter == '"') in_string = !in_string;
            size_t length = in_string && letter == '\\' && index + 1 < count ? 2 : 1;
            text.append(bytes + index, length);
            index += length;
            bool is_exponents_sign = (letter == '+' || letter == '-') && (before == 'e' || before == 'E');
            if (!in_string && !is_exponents_sign) before = letter;
            continue;
        }
        size_t end = end_of_digits(bytes, index, count);
        bool is_exponent = before == 'e' || before == 'E';
        if (is_exponent && end - index > 2) text += "99";
        else if (!is_exponent && before != '.' && letter != '0' && end - index > 19) text += "9223372036854775807";
        else text.append(bytes + index, end - index);
        index = end;
        before = '0';
    }
    return text;
}

bool csj_parse(csj_parser *parser, const char *bytes, size_t count, csj_value *root) {
    element parsed;
    auto error = parser->parser.parse(bytes, count, true).get(parsed);
    if (error == simdjson::NUMBER_ERROR) {
        std::string bounded = with_bounded_numbers(bytes, count);
        error = parser->parser.parse(bounded.data(), bounded.size(), true).get(parsed);
    }
    if (error) return false;
    *root = wrap(parsed);
    return true;
}

csj_kind csj_kind_of(csj_value value) {
    switch (unwrap(value).type()) {
    case element_type::OBJECT: return CSJ_OBJECT;
    case element_type::ARRAY: return CSJ_ARRAY;
    case element_type::STRING: return CSJ_STRING;
    case element_type::INT64:
    case element_type::UINT64: return CSJ_INTEGER;
    case element_type::DOUBLE: return CSJ_DOUBLE;
    case element_type::BOOL: return CSJ_BOOL;
    case element_type::NULL_VALUE: return CSJ_NULL;
    }
    return CSJ_MISSING;
}

static void note(const element &from, csj_found *found) {
    found->value = wrap(from);
    found->kind = csj_kind_of(found->value);
    std::string_view text;
    if (found->kind != CSJ_STRING || from.get_string().get(text)) return;
    found->text = text.data();
    found->count = text.size();
}

void csj_member(csj_value object, const char *name, size_t name_count, csj_found *found) {
    found->kind = CSJ_MISSING;
    element member;
    if (!unwrap(object).at_key(std::string_view(name, name_count)).get(member)) note(member, found);
}

void csj_members(csj_value object, const csj_name *names, size_t count, csj_found *found) {
    for (size_t index = 0; index < count; index++) found[index].kind = CSJ_MISSING;
    simdjson::dom::object members;
    if (unwrap(object).get_object().get(members)) return;
    size_t expected = 0;  // writers mostly keep an order: the name behind the last one found is tried first
    for (auto member : members) {
        for (size_t tries = 0; tries < count; tries++, expected++) {
            if (expected == count) expected = 0;
            const csj_name &name = names[expected];
            if (member.key != std::string_view(name.text, name.count)) continue;
            if (found[expected].kind == CSJ_MISSING) note(member.value, &found[expected]);
            expected++;
            break;
        }
    }
}

csj_kind csj_element(csj_value array, size_t index, csj_value *element) {
    simdjson::dom::element found;
    if (unwrap(array).at(index).get(found)) return CSJ_MISSING;
    *element = wrap(found);
    return csj_kind_of(*element);
}

int64_t csj_integer(csj_value value) {
    int64_t number;
    if (!unwrap(value).get_int64().get(number)) return number;
    return std::numeric_limits<int64_t>::max();
}

bool csj_bool(csj_value value) {
    bool truth = false;
    if (unwrap(value).get_bool().get(truth)) return false;
    return truth;
}
