#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fleet/framed/checksum.h"
#include "fleet/framed/content.h"
#include "fleet/framed/number_format.h"

// A user's protocol as contracts/src/protocol/program.ts has it, where each field is described.
// Nothing in it branches or repeats, so work and memory are bounded by its sizes. It was checked
// where it was compiled.
namespace oversoak::fleet::framed {

enum class Op : std::uint8_t {
  bytes,
  number,
  random,
  session_random,
  size,
  length,
  checksum,
  // Only in what is expected.
  any,
  not_bytes,
  until,
  digits,
  rest,
};

enum class NumberSource : std::uint8_t { sequence, identifier, session, time };

// One step of writing or reading a message; which fields count depends on `op`.
struct Item {
  Op op = Op::bytes;
  std::vector<std::byte> bytes{};  // bytes, not_bytes, until
  NumberSource of = NumberSource::sequence;
  NumberFormat format{};      // number, size, checksum
  std::uint32_t ordinal = 0;  // random, size: which random field
  std::size_t min = 0;        // random, size; bytes of session_random and any
  std::size_t max = 0;
  Alphabet alphabet = Alphabet::bytes;
  Checksum checksum = Checksum::crc32;
  bool covers_after = false;  // checksum: what follows it, else the bytes from `from` to itself
  std::size_t from = 0;
};

using Pattern = std::vector<Item>;

// Where the number stands that leads from an answer to its request.
struct MatchField {
  std::size_t offset = 0;
  NumberSource of = NumberSource::sequence;
  NumberFormat format{};
};

struct Expected {
  Pattern items{};
  std::optional<MatchField> match_field{};
};

struct Step {
  Pattern send{};                  // empty: nothing is sent
  std::vector<Expected> expect{};  // empty: no answer
  std::int64_t delay_ns = 0;       // before what is sent
};

struct Request {
  std::uint64_t below = 0;  // it is the next if it is the first that is above a random word
  Pattern send{};
  std::vector<Expected> expect{};
  std::int64_t delay_ns = 0;
};

struct Framing {
  // What determines where a message ends.
  enum class By : std::uint8_t { length, varint, delimiter, message };
  By by = By::message;
  std::size_t offset = 0;  // length, varint
  NumberFormat format{};   // length
  std::size_t bytes = 0;   // length
  std::size_t added_bytes = 0;
  std::vector<std::byte> delimiter{};
};

enum class Match : std::uint8_t { order, sequence, identifier };

struct Program {
  Framing framing{};
  Match match = Match::order;
  std::uint64_t first_sequence = 0;
  std::vector<Step> login{};
  std::vector<Request> requests{};
  std::vector<Step> logout{};
  std::vector<Expected> ignore{};
  std::vector<Expected> errors{};
  std::size_t longest_sent_bytes = 0;
  std::size_t longest_received_bytes = 0;
};

// What is filled into a message and compared with its answer.
struct Values {
  Origin origin{};
  std::uint64_t time_us = 0;
};

// The number that stands for a message.
std::uint64_t number_of(NumberSource source, const NumberFormat& format,
                        const Values& values) noexcept;

// Messages in a row whose numbers are all different.
std::uint64_t distinct_numbers(const MatchField& field) noexcept;

}  // namespace oversoak::fleet::framed
