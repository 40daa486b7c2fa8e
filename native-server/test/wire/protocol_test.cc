#include "wire/protocol.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "wire/bytes.h"
#include "wire/echo8.h"

using namespace oversoak::wire;
using oversoak::Random;
using oversoak::test::Bytes;
using oversoak::test::bytes_of;
using oversoak::test::random_frame;

namespace {

constexpr std::size_t kMaxFrameBytes = 128;

// On the heap and exactly as long as it is, so that the address sanitizer sees a read past it.
Parsed parse_exactly(Protocol protocol, std::span<const std::byte> data) {
  const Bytes exact(data.begin(), data.end());
  return parse(protocol, exact, kMaxFrameBytes);
}

Bytes echo8_message(std::uint64_t value) {
  Bytes message(echo8::kMessageBytes);
  echo8::build(message, value);
  return message;
}

}  // namespace

TEST_SUITE_BEGIN("protocol");

TEST_CASE("names") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8, Protocol::raw}) {
    CHECK(find_protocol(name_of(protocol)) == protocol);
  }
  CHECK(name_of(Protocol::oversoak) == "oversoak");
  CHECK(name_of(Protocol::echo8) == "echo8");
  CHECK(name_of(Protocol::raw) == "raw");
  CHECK(!find_protocol("echo"));
  CHECK(!find_protocol(""));
}

TEST_CASE("oversoak: frames") {
  Random random(1);
  const Bytes frame = random_frame(random, 100);
  CHECK(parse_exactly(Protocol::oversoak, frame).status == ParseStatus::complete);
  CHECK(parse_exactly(Protocol::oversoak, frame).size == 100);
  CHECK(parse_exactly(Protocol::oversoak, random_frame(random, 129)).status ==
        ParseStatus::oversized);
}

TEST_CASE("echo8: the bytes on the wire") {
  const Bytes message = echo8_message(0x0807060504030201);
  CHECK(message == bytes_of({"\x08\x00\x01\x02\x03\x04\x05\x06\x07\x08", 10}));
  CHECK(echo8::value_of(message) == 0x0807060504030201);
  CHECK(echo8::value_of(echo8_message(~std::uint64_t{0})) == ~std::uint64_t{0});
}

TEST_CASE("echo8: one message at a time, whatever follows") {
  Bytes data = echo8_message(7);
  for (std::size_t size = 0; size < data.size(); ++size) {
    CAPTURE(size);
    CHECK(parse_exactly(Protocol::echo8, std::span(data).first(size)).status ==
          ParseStatus::incomplete);
  }
  CHECK(parse_exactly(Protocol::echo8, data).status == ParseStatus::complete);
  data.push_back(std::byte{9});
  CHECK(parse_exactly(Protocol::echo8, data).status == ParseStatus::complete);
  CHECK(parse_exactly(Protocol::echo8, data).size == echo8::kMessageBytes);
}

TEST_CASE("echo8: every length but 8 is malformed, known from the length alone") {
  Bytes data = echo8_message(7);
  for (unsigned length = 0; length < 0x10000; ++length) {
    data[0] = static_cast<std::byte>(length & 0xFF);
    data[1] = static_cast<std::byte>(length >> 8);
    const auto whole = length == 8 ? ParseStatus::complete : ParseStatus::malformed;
    const auto start = length == 8 ? ParseStatus::incomplete : ParseStatus::malformed;
    REQUIRE(parse(Protocol::echo8, data, kMaxFrameBytes).status == whole);
    REQUIRE(parse(Protocol::echo8, std::span(data).first(2), kMaxFrameBytes).status == start);
  }
}

TEST_CASE("raw: all received bytes are one message, up to the longest") {
  CHECK(parse_exactly(Protocol::raw, {}).status == ParseStatus::incomplete);
  for (const std::size_t size : {std::size_t{1}, kMaxFrameBytes - 1, kMaxFrameBytes,
                                 kMaxFrameBytes + 1, 10 * kMaxFrameBytes}) {
    CAPTURE(size);
    const Parsed parsed = parse_exactly(Protocol::raw, Bytes(size, std::byte{0xFF}));
    CHECK(parsed.status == ParseStatus::complete);
    CHECK(parsed.size == std::min(size, kMaxFrameBytes));
  }
}

TEST_SUITE_END();
