#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "fleet/framed/program.h"
#include "wire/bytes.h"

// Programs for the tests, as contracts' compileProtocol makes them.
namespace oversoak::test {

namespace framed = fleet::framed;
using framed::Item;
using framed::NumberFormat;
using framed::NumberSource;
using framed::Op;
using framed::Pattern;

inline const NumberFormat kU32{NumberFormat::Kind::binary, 4, false};

inline Item text(std::string_view bytes) {
  Item item;
  item.bytes = bytes_of(bytes);
  return item;
}

inline Item number(NumberSource of, NumberFormat format) {
  Item item;
  item.op = Op::number;
  item.of = of;
  item.format = format;
  return item;
}

inline Item random_bytes_of(std::size_t min, std::size_t max) {
  Item item;
  item.op = Op::random;
  item.min = min;
  item.max = max;
  return item;
}

inline Item checksum_item(framed::Checksum which, bool after = false) {
  Item item;
  item.op = Op::checksum;
  item.checksum = which;
  item.format = kU32;
  item.covers_after = after;
  return item;
}

inline Item plain(Op op) {
  Item item;
  item.op = op;
  return item;
}

inline framed::Expected expected(Pattern items) { return {std::move(items), std::nullopt}; }

inline framed::Framing by_length() {
  framed::Framing framing;
  framing.by = framed::Framing::By::length;
  framing.format = {NumberFormat::Kind::binary, 2, true};
  framing.bytes = framing.added_bytes = 2;
  return framing;
}

inline framed::Framing by_line() {
  framed::Framing framing;
  framing.by = framed::Framing::By::delimiter;
  framing.delimiter = bytes_of("\r\n");
  return framing;
}

// One request, which is echoed: a length, a number, random bytes and a checksum.
inline framed::Program numbered_echo(framed::Match match) {
  const auto source =
      match == framed::Match::identifier ? NumberSource::identifier : NumberSource::sequence;
  const Pattern message{plain(Op::length), number(source, kU32), random_bytes_of(1, 40),
                        checksum_item(framed::Checksum::crc32)};
  framed::Program program;
  program.framing = by_length();
  program.match = match;
  program.first_sequence = 5;
  framed::Expected answer = expected(message);
  if (match != framed::Match::order) answer.match_field = framed::MatchField{2, source, kU32};
  program.requests.push_back({std::uint64_t{1} << 32, message, {answer}, 0});
  program.longest_sent_bytes = program.longest_received_bytes = 2 + 4 + 40 + 4;
  return program;
}

// The echo of the course, as presets/protocols/echo8.yaml has it.
inline framed::Program described_echo8() {
  const NumberFormat u64{NumberFormat::Kind::binary, 8, true};
  const Pattern message{plain(Op::length), number(NumberSource::sequence, u64)};
  framed::Program program;
  program.framing = by_length();
  program.match = framed::Match::sequence;
  program.first_sequence = 1;
  program.requests.push_back({std::uint64_t{1} << 32,
                              message,
                              {{message, framed::MatchField{2, NumberSource::sequence, u64}}},
                              0});
  program.longest_sent_bytes = program.longest_received_bytes = 10;
  return program;
}

}  // namespace oversoak::test
