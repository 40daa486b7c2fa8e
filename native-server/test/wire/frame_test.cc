#include "wire/frame.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "wire/bytes.h"

using namespace oversoak::wire;
using oversoak::Random;
using oversoak::test::Bytes;
using oversoak::test::random_bytes;
using oversoak::test::random_frame;

namespace {

constexpr std::size_t kMaxFrameBytes = 4096;
constexpr std::size_t kAnswerOffset = 2;
constexpr std::size_t kSequenceOffset = 4;
constexpr std::int64_t kLongestSince_ns = (std::int64_t{1} << 48) - 1;
constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kLongestFrameBytes = kLengthBytes + std::numeric_limits<std::uint16_t>::max();

// On the heap and exactly as long as it is, so that the address sanitizer sees a read past it.
ParseStatus status_of(std::span<const std::byte> data, std::size_t max_frame_bytes) {
  const Bytes exact(data.begin(), data.end());
  return parse(exact, max_frame_bytes).status;
}

void set_length(Bytes& frame, std::size_t length) {
  frame[0] = static_cast<std::byte>(length & 0xFF);
  frame[1] = static_cast<std::byte>(length >> 8);
}

// Of a frame in which nothing but the size of its answer was changed.
ParseStatus status_of_answer(const Bytes& frame) {
  const std::size_t size = answer_bytes_of(frame);
  if (size < kOverheadBytes) return ParseStatus::malformed;
  return size > kMaxFrameBytes ? ParseStatus::oversized : ParseStatus::checksum_mismatch;
}

}  // namespace

TEST_SUITE_BEGIN("frame");

TEST_CASE("parse returns what build has written") {
  Random random(1);
  for (const std::size_t size :
       {kOverheadBytes, kOverheadBytes + 1, kOverheadBytes + 7, kOverheadBytes + 8,
        std::size_t{1000}, kMaxFrameBytes, kLongestFrameBytes}) {
    CAPTURE(size);
    const Header header{random.next(), -5, std::numeric_limits<std::int64_t>::max()};
    const Bytes payload = random_bytes(random, size - kOverheadBytes);
    Bytes frame(size);
    build(frame, header, payload);

    const Parsed parsed = parse(frame, size);
    REQUIRE(parsed.status == ParseStatus::complete);
    CHECK(parsed.size == size);
    CHECK(header_of(frame).sequence == header.sequence);
    CHECK(header_of(frame).intended_ns == header.intended_ns);
    CHECK(header_of(frame).sent_ns == header.sent_ns);
    CHECK(stamps_of(frame).received_ns == 0);
    CHECK(stamps_of(frame).sending_ns == 0);
    CHECK(std::equal(payload.begin(), payload.end(), frame.begin() + kHeaderBytes));
  }
}

// The contract with clients in other languages (contracts/, test/wire.ts): little-endian, offsets.
TEST_CASE("the bytes on the wire") {
  Bytes frame(kOverheadBytes + 2);
  build(frame, {0x0807060504030201, 0x1817161514131211, 0x2827262524232221},
        Bytes{std::byte{0xAA}, std::byte{0xBB}});
  const auto at = [&frame](std::size_t offset) { return std::to_integer<int>(frame[offset]); };
  CHECK(at(0) == 64);
  CHECK(at(1) == 0);
  CHECK(at(2) == 0);
  CHECK(at(3) == 0);
  for (int i = 0; i < 8; ++i) {
    CHECK(at(4 + i) == 0x01 + i);
    CHECK(at(12 + i) == 0x11 + i);
    CHECK(at(20 + i) == 0x21 + i);
  }
  CHECK(std::all_of(frame.begin() + 28, frame.begin() + 60,
                    [](std::byte byte) { return byte == std::byte{0}; }));
  CHECK(at(60) == 0xAA);
  CHECK(at(61) == 0xBB);
}

TEST_CASE("an answer has the requested size, the header and the repeated payload") {
  Random random(7);
  for (const std::size_t requested : {kOverheadBytes, kOverheadBytes + 1, kOverheadBytes + 5,
                                      std::size_t{300}, kMaxFrameBytes, kLongestFrameBytes}) {
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{700}}) {
      CAPTURE(requested);
      CAPTURE(length);
      const Bytes payload = random_bytes(random, length);
      Bytes request(kOverheadBytes + length);
      build(request, {random.next(), 5, 7, requested}, payload);
      write_stamps(request, {10, 11, 12, 13, 14});
      REQUIRE(parse(request, kLongestFrameBytes).status == ParseStatus::complete);
      REQUIRE(answer_bytes_of(request) == requested);

      Bytes answer(requested);
      build_answer(answer, request);
      REQUIRE(parse(answer, kLongestFrameBytes).status == ParseStatus::complete);
      CHECK(parse(answer, kLongestFrameBytes).size == requested);
      CHECK(header_of(answer).sequence == header_of(request).sequence);
      CHECK(header_of(answer).intended_ns == 5);
      CHECK(header_of(answer).sent_ns == 7);
      CHECK(header_of(answer).answer_bytes == requested);
      CHECK(stamps_of(answer).handled_ns == 13);
      CHECK(is_answer(answer, payload));
      const std::size_t bytes = requested - kOverheadBytes;
      for (std::size_t i = 0; i < bytes; ++i) {
        const std::byte expected = length == 0 ? std::byte{0} : payload[i % length];
        REQUIRE(answer[kHeaderBytes + i] == expected);
      }
      // Each takes as long as the answer: some of a long one, the first and the last included.
      const std::size_t step = 1 + bytes / 300;
      for (std::size_t back = 0; back < bytes; back += step) {
        const std::size_t i = back + step < bytes ? bytes - 1 - back : 0;
        answer[kHeaderBytes + i] ^= std::byte{1};
        REQUIRE(!is_answer(answer, payload));
        answer[kHeaderBytes + i] ^= std::byte{1};
      }
    }
  }
}

TEST_CASE("a request whose answer would be too long is refused") {
  Bytes request(kOverheadBytes);
  build(request, {1, 2, 3, kMaxFrameBytes}, {});
  CHECK(status_of(request, kMaxFrameBytes) == ParseStatus::complete);
  CHECK(status_of(request, kMaxFrameBytes - 1) == ParseStatus::oversized);
}

TEST_CASE("every truncation is incomplete") {
  Random random(2);
  const Bytes frame = random_frame(random, 200);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CAPTURE(size);
    CHECK(status_of(std::span(frame).first(size), kMaxFrameBytes) == ParseStatus::incomplete);
  }
}

TEST_CASE("bytes after a frame are not read") {
  Random random(3);
  Bytes data = random_frame(random, 100);
  const Bytes rest = random_bytes(random, 77);
  data.insert(data.end(), rest.begin(), rest.end());
  const Parsed parsed = parse(data, kMaxFrameBytes);
  CHECK(parsed.status == ParseStatus::complete);
  CHECK(parsed.size == 100);
}

TEST_CASE("a flipped bit of a covered byte is refused, one of a stamp is not") {
  Random random(4);
  const Bytes frame = random_frame(random, kOverheadBytes + 20);
  for (std::size_t offset = kAnswerOffset; offset < frame.size(); ++offset) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(offset);
      CAPTURE(bit);
      Bytes flipped = frame;
      flipped[offset] ^= static_cast<std::byte>(1 << bit);
      const bool stamp = offset >= kStampsOffset && offset < kHeaderBytes;
      const auto expected = stamp                      ? ParseStatus::complete
                            : offset < kSequenceOffset ? status_of_answer(flipped)
                                                       : ParseStatus::checksum_mismatch;
      CHECK(status_of(flipped, kMaxFrameBytes) == expected);
    }
  }
}

TEST_CASE("a wrong length is refused") {
  Random random(5);
  Bytes frame = random_frame(random, 200);
  SUBCASE("below the overhead") {
    for (std::size_t length = 0; length < kOverheadBytes - kLengthBytes; ++length) {
      set_length(frame, length);
      CHECK(status_of(frame, kMaxFrameBytes) == ParseStatus::malformed);
    }
  }
  SUBCASE("shorter than the frame is") {
    for (std::size_t size = kOverheadBytes; size < frame.size(); ++size) {
      set_length(frame, size - kLengthBytes);
      CHECK(status_of(frame, kMaxFrameBytes) == ParseStatus::checksum_mismatch);
    }
  }
  SUBCASE("longer than the frame is") {
    set_length(frame, frame.size() - kLengthBytes + 1);
    CHECK(status_of(frame, kMaxFrameBytes) == ParseStatus::incomplete);
    frame.push_back(std::byte{0});
    CHECK(status_of(frame, kMaxFrameBytes) == ParseStatus::checksum_mismatch);
  }
}

TEST_CASE("oversized is known from the length alone") {
  Random random(6);
  const Bytes frame = random_frame(random, 201);
  CHECK(status_of(frame, 201) == ParseStatus::complete);
  CHECK(status_of(frame, 200) == ParseStatus::oversized);
  CHECK(status_of(std::span(frame).first(kLengthBytes), 200) == ParseStatus::oversized);
  CHECK(status_of(std::span(frame).first(1), 200) == ParseStatus::incomplete);
}

TEST_CASE("stamps are written and read, and leave the frame valid") {
  Random random(7);
  Bytes frame = random_frame(random, 100);
  constexpr std::int64_t kReceived_ns = 1'700'000'000'000'000'000;
  write_stamps(frame, {kReceived_ns, kReceived_ns, kReceived_ns + 1,
                       kReceived_ns + kLongestSince_ns, kReceived_ns + 4});
  const Stamps stamps = stamps_of(frame);
  CHECK(stamps.received_ns == kReceived_ns);
  CHECK(stamps.routed_ns == kReceived_ns);
  CHECK(stamps.dequeued_ns == kReceived_ns + 1);
  CHECK(stamps.handled_ns == kReceived_ns + kLongestSince_ns);
  CHECK(stamps.sending_ns == kReceived_ns + 4);
  CHECK(parse(frame, kMaxFrameBytes).status == ParseStatus::complete);
}

TEST_CASE("stamps before `received`, or too long after it, are held to what can be written") {
  Bytes frame(kOverheadBytes);
  for (const std::int64_t received_ns : {kLowest, std::int64_t{-1}, std::int64_t{5}, kHighest}) {
    CAPTURE(received_ns);
    write_stamps(frame, {received_ns, kLowest, received_ns, kHighest, 0});
    const Stamps stamps = stamps_of(frame);
    CHECK(stamps.received_ns == received_ns);
    CHECK(stamps.routed_ns == received_ns);
    CHECK(stamps.dequeued_ns == received_ns);
    const bool near = received_ns > kHighest - kLongestSince_ns;
    CHECK(stamps.handled_ns == (near ? kHighest : received_ns + kLongestSince_ns));
  }
}

// The contract with clients in other languages (test/wire.ts).
TEST_CASE("the bytes of the stamps") {
  Bytes frame(kOverheadBytes);
  build(frame, {}, {});
  write_stamps(frame, {0x0807060504030201, 0x0807060504030201 + 0x161514131211,
                       0x0807060504030201 + 0x262524232221, 0x0807060504030201 + 0x363534333231,
                       0x0807060504030201 + 0x464544434241});
  const auto at = [&frame](int offset) {
    return std::to_integer<int>(frame[static_cast<std::size_t>(offset)]);
  };
  for (int i = 0; i < 8; ++i) CHECK(at(28 + i) == 0x01 + i);
  for (int i = 0; i < 6; ++i) {
    CHECK(at(36 + i) == 0x11 + i);
    CHECK(at(42 + i) == 0x21 + i);
    CHECK(at(48 + i) == 0x31 + i);
    CHECK(at(54 + i) == 0x41 + i);
  }
}

TEST_CASE("the sending stamp is filled in for each frame of a run, and nothing else is touched") {
  Random random(8);
  Bytes run;
  std::vector<Bytes> frames;
  for (const std::size_t size : {kOverheadBytes, std::size_t{100}, std::size_t{65}}) {
    Bytes& frame = frames.emplace_back(random_frame(random, size));
    const auto received_ns = static_cast<std::int64_t>(1000 * frames.size());
    write_stamps(frame, {received_ns, received_ns + 1, received_ns + 2, received_ns + 3});
    run.insert(run.end(), frame.begin(), frame.end());
  }
  constexpr std::int64_t kNow_ns = 2500;  // before the third is received
  write_sending(run, kNow_ns);
  auto rest = std::span(run);
  for (Bytes& frame : frames) {
    const auto written = rest.first(frame.size());
    Stamps expected = stamps_of(frame);
    expected.sending_ns = std::max(kNow_ns, expected.received_ns);
    CHECK(stamps_of(written).sending_ns == expected.sending_ns);
    write_stamps(frame, expected);
    CHECK(std::equal(written.begin(), written.end(), frame.begin()));
    rest = rest.subspan(frame.size());
  }
  CHECK(rest.empty());
  write_sending({}, kNow_ns);
}

TEST_SUITE_END();
