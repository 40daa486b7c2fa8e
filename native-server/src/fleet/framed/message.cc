#include "fleet/framed/message.h"

#include <algorithm>

namespace oversoak::fleet::framed {
namespace {

std::size_t varint_bytes(std::size_t value) noexcept {
  std::size_t bytes = 1;
  while ((value >>= 7) != 0) ++bytes;
  return bytes;
}

void write_varint(std::size_t value, std::span<std::byte> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t low = value & 0x7F;
    value >>= 7;
    out[i] = static_cast<std::byte>(i + 1 < out.size() ? low | 0x80 : low);
  }
}

RandomBytes random_of(const Item& item, const Values& values) noexcept {
  if (item.op == Op::random) return {values.origin, item.ordinal, item.alphabet};
  Origin session = values.origin;
  session.sequence = 0;
  return {session, kSessionField, item.alphabet};
}

std::size_t random_size_of(const Item& item, const Values& values) noexcept {
  return random_size(values.origin, item.ordinal, item.min, item.max);
}

}  // namespace

std::uint64_t number_of(NumberSource source, const NumberFormat& format,
                        const Values& values) noexcept {
  switch (source) {
    case NumberSource::sequence:
      return values.origin.sequence;
    case NumberSource::identifier:
      return 1 + values.origin.sequence % (format.distinct() - 1);
    case NumberSource::session:
      return values.origin.session;
    case NumberSource::time:
      return values.time_us;
  }
  return 0;
}

std::uint64_t distinct_numbers(const MatchField& field) noexcept {
  // An identifier is never 0.
  return field.format.distinct() - (field.of == NumberSource::identifier ? 1 : 0);
}

std::uint64_t named_number(const Program& program, const Pattern& pattern,
                           const Origin& origin) noexcept {
  const Item* name = nullptr;
  const auto matched =
      program.match == Match::identifier ? NumberSource::identifier : NumberSource::sequence;
  for (const Item& item : pattern) {
    const bool is_name = item.op == Op::number &&
                         (item.of == NumberSource::sequence || item.of == NumberSource::identifier);
    if (is_name && (name == nullptr || (item.of == matched && name->of != matched))) name = &item;
  }
  if (name == nullptr) return origin.sequence;
  return number_of(name->of, name->format, {origin}) % name->format.distinct();
}

std::size_t item_bytes(const Item& item, const Values& values) noexcept {
  switch (item.op) {
    case Op::bytes:
      return item.bytes.size();
    case Op::number:
      return item.format.bytes_of(number_of(item.of, item.format, values));
    case Op::random:
      return random_size_of(item, values);
    case Op::session_random:
      return item.min;
    case Op::size:
      return item.format.bytes_of(random_size_of(item, values));
    case Op::checksum:
      return item.format.bytes_of(0);
    default:
      return 0;
  }
}

void write_item(const Item& item, const Values& values, std::span<std::byte> out) noexcept {
  switch (item.op) {
    case Op::bytes:
      std::copy(item.bytes.begin(), item.bytes.end(), out.begin());
      return;
    case Op::number:
      item.format.encode(number_of(item.of, item.format, values), out);
      return;
    case Op::random:
    case Op::session_random:
      random_of(item, values).fill(out);
      return;
    case Op::size:
      item.format.encode(random_size_of(item, values), out);
      return;
    default:
      std::fill(out.begin(), out.end(), std::byte{});
      return;
  }
}

std::size_t message_bytes(const Program& program, const Pattern& pattern,
                          const Values& values) noexcept {
  std::size_t bytes = program.framing.delimiter.size();
  std::size_t after_length = 0;
  for (const Item& item : pattern) {
    const std::size_t size = item_bytes(item, values);
    bytes += size;
    after_length = item.op == Op::length ? 0 : after_length + size;
  }
  if (program.framing.by == Framing::By::length) bytes += program.framing.bytes;
  if (program.framing.by == Framing::By::varint) bytes += varint_bytes(after_length);
  return bytes;
}

void write_message(const Program& program, const Pattern& pattern, const Values& values,
                   std::span<std::byte> out) noexcept {
  const Framing& framing = program.framing;
  const auto message = out.first(out.size() - framing.delimiter.size());
  const Item* checked = nullptr;
  std::size_t checksum_at = 0;
  std::size_t at = 0;
  for (const Item& item : pattern) {
    std::size_t size = item_bytes(item, values);
    if (item.op == Op::length && framing.by == Framing::By::length) {
      size = framing.bytes;
      framing.format.encode(message.size() - framing.added_bytes, message.subspan(at, size));
    } else if (item.op == Op::length) {
      // What follows is all but what comes before and the field itself.
      size = 1;
      while (varint_bytes(message.size() - at - size) > size) ++size;
      write_varint(message.size() - at - size, message.subspan(at, size));
    } else {
      write_item(item, values, message.subspan(at, size));
    }
    if (item.op == Op::checksum) {
      checked = &item;
      checksum_at = at;
    }
    at += size;
  }
  std::copy(framing.delimiter.begin(), framing.delimiter.end(),
            out.begin() + static_cast<std::ptrdiff_t>(message.size()));
  if (checked == nullptr) return;
  const std::uint32_t sum = checksum_of(*checked, message, checksum_at);
  checked->format.encode(sum, message.subspan(checksum_at, checked->format.bytes_of(sum)));
}

std::uint32_t checksum_of(const Item& item, std::span<const std::byte> message,
                          std::size_t at) noexcept {
  return checksum(item.checksum, item.covers_after ? message.subspan(at + item.format.bytes_of(0))
                                                   : message.subspan(item.from, at - item.from));
}

}  // namespace oversoak::fleet::framed
