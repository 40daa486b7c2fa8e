#include "fleet/framed/reading.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "fleet/framed/message.h"

namespace oversoak::fleet::framed {
namespace {

using Data = std::span<const std::byte>;

constexpr std::size_t kMostVarintBytes = 4;
// Of {digits}.
constexpr std::size_t kMostDigits = 20;

Cut broken(const char* what) noexcept { return {Cut::Status::broken, 0, 0, what}; }

// Where `searched` begins; the size of `data`: nowhere.
std::size_t find(Data data, std::span<const std::byte> searched, std::size_t from) noexcept {
  const auto at = std::search(data.begin() + static_cast<std::ptrdiff_t>(from), data.end(),
                              searched.begin(), searched.end());
  return static_cast<std::size_t>(at - data.begin());
}

// A length field that has come.
struct Length {
  std::size_t value = 0;
  std::size_t field_end = 0;
};

std::optional<Length> read_length(const Framing& framing, Data data) noexcept {
  if (framing.by == Framing::By::length) {
    const std::size_t end = framing.offset + framing.bytes;
    if (data.size() < end) return std::nullopt;
    const auto value = framing.format.decode(data.subspan(framing.offset, framing.bytes));
    return Length{static_cast<std::size_t>(value.value_or(0)), end};
  }
  std::size_t value = 0;
  for (std::size_t at = 0; at < kMostVarintBytes; ++at) {
    if (framing.offset + at >= data.size()) return std::nullopt;
    const auto byte = std::to_integer<std::size_t>(data[framing.offset + at]);
    value |= (byte & 0x7F) << (7 * at);
    if (byte < 0x80) return Length{value, framing.offset + at + 1};
  }
  return Length{};  // it has no end
}

Cut cut_at_delimiter(const Program& program, Data data) noexcept {
  const std::vector<std::byte>& delimiter = program.framing.delimiter;
  const std::size_t at = find(data, delimiter, 0);
  const bool is_there = at < data.size();
  if (is_there && at + delimiter.size() <= program.longest_received_bytes) {
    return {Cut::Status::complete, at + delimiter.size(), at};
  }
  const bool too_long = is_there || data.size() >= program.longest_received_bytes;
  return too_long ? broken("longer than any message of the description") : Cut{};
}

Cut cut_by_length(const Program& program, Data data) noexcept {
  const Framing& framing = program.framing;
  const auto length = read_length(framing, data);
  if (!length) {
    return data.size() >= program.longest_received_bytes
               ? broken("longer than any message of the description")
               : Cut{};
  }
  if (length->field_end == 0) return broken("a length of more bytes than a length has");
  const std::size_t bytes =
      length->value + (framing.by == Framing::By::varint ? length->field_end : framing.added_bytes);
  if (bytes < length->field_end) return broken("a length that ends within its own header");
  if (bytes > program.longest_received_bytes) {
    return broken("longer than any message of the description");
  }
  if (bytes > data.size()) return {};
  return {Cut::Status::complete, bytes, bytes};
}

// Reads one message item by item.
class Reader {
 public:
  Reader(const Program& program, Data data, const Values& values, Difference* difference)
      : program_(program), data_(data), values_(values), difference_(difference) {}

  Matched read(const Pattern& pattern, bool whole) {
    for (const Item& item : pattern) {
      const Read read = read_item(item);
      if (read == Read::incomplete) return whole ? too_short(item) : Matched{};
      if (read == Read::differs) return {Matched::Status::differs};
    }
    if (whole && at_ < data_.size()) {
      note(at_, "more bytes than expected", {});
      return {Matched::Status::differs};
    }
    if (late_ != nullptr && !late_checksum_fits()) return {Matched::Status::differs};
    return {Matched::Status::matched, at_};
  }

 private:
  enum class Read : std::uint8_t { read, incomplete, differs };

  Read read_item(const Item& item) {
    switch (item.op) {
      case Op::bytes:
        return same_bytes(item.bytes, "other bytes than expected");
      case Op::number:
      case Op::size:
        return same_number(item);
      case Op::random:
      case Op::session_random:
        return same_random(item);
      case Op::length:
        return length_field();
      case Op::checksum:
        return same_checksum(item);
      case Op::any:
        return skip(item.min);
      case Op::not_bytes:
        return other_bytes(item);
      case Op::until: {
        const std::size_t found = find(data_, item.bytes, at_);
        if (found == data_.size()) return Read::incomplete;
        at_ = found + item.bytes.size();
        return Read::read;
      }
      case Op::digits:
        return digits();
      case Op::rest:
        at_ = data_.size();
        return Read::read;
    }
    return Read::differs;
  }

  Data rest() const noexcept { return data_.subspan(at_); }

  Read skip(std::size_t bytes) noexcept {
    if (bytes > data_.size() - at_) return Read::incomplete;
    at_ += bytes;
    return Read::read;
  }

  Read same_bytes(Data expected, const char* what) {
    const Data got = rest().first(std::min(expected.size(), rest().size()));
    const auto differs = std::mismatch(got.begin(), got.end(), expected.begin()).first;
    if (differs != got.end()) {
      const auto same = static_cast<std::size_t>(differs - got.begin());
      note(at_ + same, what, expected.subspan(same));
      return Read::differs;
    }
    if (got.size() < expected.size()) return Read::incomplete;
    at_ += expected.size();
    return Read::read;
  }

  Read same_number(const Item& item) {
    std::array<std::byte, kMostNumberBytes> bytes{};
    const auto expected = std::span(bytes).first(item_bytes(item, values_));
    write_item(item, values_, expected);
    return same_bytes(expected, "another number than expected");
  }

  // Compared as they are made.
  Read same_random(const Item& item) {
    const std::size_t size = item_bytes(item, values_);
    const Data got = rest().first(std::min(size, rest().size()));
    Origin origin = values_.origin;
    if (item.op == Op::session_random) origin.sequence = 0;
    const std::uint32_t field = item.op == Op::random ? item.ordinal : kSessionField;
    const std::size_t same = RandomBytes(origin, field, item.alphabet).first_difference(got);
    if (same < got.size()) {
      if (difference_ != nullptr) note(at_ + same, "other bytes than expected", tail(item, same));
      return Read::differs;
    }
    return skip(size);
  }

  // The frame was cut by it, so it fits; only its place is looked at.
  Read length_field() noexcept {
    const auto length = read_length(program_.framing, data_);
    if (!length) return Read::incomplete;
    at_ = length->field_end;
    return Read::read;
  }

  Read same_checksum(const Item& item) {
    if (item.covers_after) {  // what it covers has not been read yet
      late_ = &item;
      late_at_ = at_;
      return skip(item.format.bytes_of(0));
    }
    return same_sum(item, data_.first(at_));
  }

  Read same_sum(const Item& item, Data message) {
    std::array<std::byte, kMostNumberBytes> bytes{};
    const auto expected = std::span(bytes).first(item.format.bytes_of(0));
    item.format.encode(checksum_of(item, message, at_), expected);
    return same_bytes(expected, "bytes that do not match their checksum");
  }

  bool late_checksum_fits() {
    const std::size_t end = at_;
    at_ = late_at_;
    const bool fits = same_sum(*late_, data_.first(end)) == Read::read;
    at_ = end;
    return fits;
  }

  Read other_bytes(const Item& item) {
    const std::size_t from = at_;
    if (skip(item.bytes.size()) == Read::incomplete) return Read::incomplete;
    if (!std::equal(item.bytes.begin(), item.bytes.end(), data_.begin() + from_iterator(from))) {
      return Read::read;
    }
    note(from, "bytes that must not be there", {});
    return Read::differs;
  }

  Read digits() {
    const auto is_digit = [](std::byte byte) {
      return byte >= std::byte{'0'} && byte <= std::byte{'9'};
    };
    std::size_t to = at_;
    while (to < data_.size() && is_digit(data_[to])) ++to;
    if (to == at_ && to == data_.size()) return Read::incomplete;
    if (to == at_ || to - at_ > kMostDigits) {
      note(at_, to == at_ ? "no digit" : "more digits than a number has", {});
      return Read::differs;
    }
    at_ = to;
    return Read::read;
  }

  Matched too_short(const Item& item) {
    if (difference_ != nullptr) {
      note(data_.size(), "the message ends too early", tail(item, data_.size() - at_));
    }
    return {Matched::Status::differs};
  }

  // The bytes of an item from `from` on.
  std::vector<std::byte> tail(const Item& item, std::size_t from) const {
    std::vector<std::byte> bytes(item_bytes(item, values_));
    write_item(item, values_, bytes);
    bytes.erase(bytes.begin(), bytes.begin() + from_iterator(std::min(from, bytes.size())));
    return bytes;
  }

  static std::ptrdiff_t from_iterator(std::size_t from) noexcept {
    return static_cast<std::ptrdiff_t>(from);
  }

  void note(std::size_t offset, const char* what, Data expected) noexcept {
    if (difference_ == nullptr) return;
    *difference_ = {offset, what, wire::Excerpt::of(expected)};
  }

  const Program& program_;
  const Data data_;
  const Values& values_;
  Difference* const difference_;
  std::size_t at_ = 0;
  const Item* late_ = nullptr;  // a checksum over what follows it
  std::size_t late_at_ = 0;
};

}  // namespace

Cut cut_message(const Program& program, std::span<const std::byte> data) noexcept {
  return program.framing.by == Framing::By::delimiter ? cut_at_delimiter(program, data)
                                                      : cut_by_length(program, data);
}

Matched match_message(const Program& program, const Pattern& pattern,
                      std::span<const std::byte> data, const Values& values, bool whole,
                      Difference* difference) {
  return Reader(program, data, values, difference).read(pattern, whole);
}

}  // namespace oversoak::fleet::framed
