// A bounded random test: streams of valid, altered and random bytes, cut into random pieces, are
// received the way that the server receives them, and held against a decoder that sees the whole
// stream at once and is written for plainness.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "environment.h"
#include "wire/bytes.h"
#include "wire/frame.h"
#include "wire/inbox.h"

using namespace oversoak;
using test::Bytes;
using wire::ParseStatus;

namespace {

constexpr std::uint64_t kSeed = 0x5EED;
constexpr std::size_t kMaxFrameBytes = 160;
constexpr std::size_t kStampsOffset = 28;

// What a receiver makes of a stream: the frames before the first error, and that error.
struct Outcome {
  std::vector<Bytes> frames;
  std::optional<ParseStatus> error;  // absent: the stream just ended
  bool operator==(const Outcome&) const = default;
};

std::uint32_t bitwise_crc32c(std::span<const std::byte> data, std::uint32_t crc = 0) {
  crc = ~crc;
  for (const std::byte byte : data) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
  }
  return ~crc;
}

std::uint32_t little_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  }
  return value;
}

Outcome decode_plainly(std::span<const std::byte> stream) {
  Outcome outcome;
  while (stream.size() >= 2) {
    const std::size_t size = 2 + little_endian(stream.first(2));
    if (size < wire::kOverheadBytes) outcome.error = ParseStatus::malformed;
    if (size > kMaxFrameBytes) outcome.error = ParseStatus::oversized;
    if (outcome.error.has_value() || stream.size() < size) return outcome;
    const auto frame = stream.first(size);
    const auto payload = frame.subspan(wire::kHeaderBytes, size - wire::kOverheadBytes);
    const std::uint32_t crc = bitwise_crc32c(payload, bitwise_crc32c(frame.first(kStampsOffset)));
    const std::uint32_t answer = little_endian(frame.subspan(2, 2));
    if (answer != 0 && 2 + answer < wire::kOverheadBytes)
      outcome.error = ParseStatus::malformed;
    else if (2 + answer > kMaxFrameBytes)
      outcome.error = ParseStatus::oversized;
    else if (little_endian(frame.last(4)) != crc)
      outcome.error = ParseStatus::checksum_mismatch;
    if (outcome.error.has_value()) return outcome;
    outcome.frames.emplace_back(frame.begin(), frame.end());
    stream = stream.subspan(size);
  }
  return outcome;
}

// The unread bytes of an inbox have others behind them; a copy as long as they are has not.
wire::Parsed parse_checked(std::span<const std::byte> unread) {
  const Bytes exact(unread.begin(), unread.end());
  const wire::Parsed parsed = wire::parse(exact, kMaxFrameBytes);
  const wire::Parsed in_place = wire::parse(unread, kMaxFrameBytes);
  REQUIRE(in_place.status == parsed.status);
  REQUIRE(in_place.size == parsed.size);
  return parsed;
}

Outcome receive_in_pieces(std::span<const std::byte> stream, Random& random) {
  Outcome outcome;
  wire::Inbox inbox(kMaxFrameBytes);
  while (!stream.empty()) {
    const auto room = inbox.room();
    REQUIRE(!room.empty());
    const std::size_t most = std::min(room.size(), stream.size());
    // As often a few bytes as anything up to all of the room.
    const std::size_t size =
        1 + random.below(random.below(2) == 0 ? std::min<std::size_t>(most, 8) : most);
    std::copy_n(stream.begin(), size, room.begin());
    inbox.commit(size);
    stream = stream.subspan(size);

    for (;;) {
      const auto unread = inbox.unread();
      const wire::Parsed parsed = parse_checked(unread);
      if (parsed.status == ParseStatus::incomplete) break;
      if (parsed.status != ParseStatus::complete) {
        outcome.error = parsed.status;
        return outcome;
      }
      // Each turn takes a whole frame away, so that the loop ends.
      REQUIRE(parsed.size >= wire::kOverheadBytes);
      REQUIRE(parsed.size <= unread.size());
      outcome.frames.emplace_back(unread.begin(),
                                  unread.begin() + static_cast<std::ptrdiff_t>(parsed.size));
      inbox.consume(parsed.size);
    }
  }
  return outcome;
}

// What is stamped in the run is what is stamped alone.
void write_sending_over(const std::vector<Bytes>& frames, Random& random) {
  Bytes run;
  Bytes alone;
  const auto now_ns = static_cast<std::int64_t>(random.next());
  for (const Bytes& frame : frames) {
    run.insert(run.end(), frame.begin(), frame.end());
    const wire::Stamps stamps = wire::stamps_of(frame);
    Bytes stamped = frame;
    wire::write_sending(stamped, now_ns);
    REQUIRE(wire::stamps_of(stamped).received_ns == stamps.received_ns);
    REQUIRE(wire::stamps_of(stamped).handled_ns == stamps.handled_ns);
    REQUIRE(wire::parse(stamped, kMaxFrameBytes).status == ParseStatus::complete);
    alone.insert(alone.end(), stamped.begin(), stamped.end());
  }
  wire::write_sending(run, now_ns);
  REQUIRE((run == alone));
}

std::size_t random_frame_size(Random& random) {
  return wire::kOverheadBytes + random.below(kMaxFrameBytes - wire::kOverheadBytes + 1);
}

void alter(Bytes& frame, Random& random) {
  switch (random.below(5)) {
    case 0:  // a bit anywhere
      frame[random.below(frame.size())] ^= static_cast<std::byte>(1 << random.below(8));
      return;
    case 1:  // a bit of the first four bytes: length, answer
      frame[random.below(4)] ^= static_cast<std::byte>(1 << random.below(8));
      return;
    case 2:  // bytes lost at the end
      frame.resize(random.below(frame.size()));
      return;
    case 3:  // bytes put in
      frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(random.below(frame.size())),
                   1 + random.below(3), static_cast<std::byte>(random.next() & 0xFF));
      return;
    case 4:  // a run of bytes replaced
      const std::size_t from = random.below(frame.size());
      const Bytes run = test::random_bytes(random, 1 + random.below(frame.size() - from));
      std::copy(run.begin(), run.end(), frame.begin() + static_cast<std::ptrdiff_t>(from));
      return;
  }
}

// Mostly valid frames, so that the decoders get far.
Bytes random_stream(Random& random) {
  Bytes stream;
  for (std::uint64_t parts = 1 + random.below(4); parts > 0; --parts) {
    const std::uint64_t kind = random.below(8);
    Bytes part = kind == 0 ? test::random_bytes(random, random.below(kMaxFrameBytes))
                           : test::random_frame(random, random_frame_size(random));
    if (kind == 1 || kind == 2) alter(part, random);
    stream.insert(stream.end(), part.begin(), part.end());
  }
  return stream;
}

}  // namespace

TEST_SUITE_BEGIN("fuzz");

TEST_CASE("random streams in random pieces come out as they went in") {
  const std::uint64_t inputs = test::fuzz_inputs();
  std::uint64_t frames = 0;
  std::uint64_t clean = 0;
  std::uint64_t malformed = 0;
  std::uint64_t oversized = 0;
  std::uint64_t mismatched = 0;
  for (std::uint64_t input = 0; input < inputs; ++input) {
    // A generator for each input: one that fails is found again by its number alone.
    Random random(kSeed + input);
    CAPTURE(input);
    const Bytes stream = random_stream(random);
    const Outcome expected = decode_plainly(stream);
    const Outcome outcome = receive_in_pieces(stream, random);
    REQUIRE((outcome == expected));
    write_sending_over(outcome.frames, random);
    frames += outcome.frames.size();
    clean += !outcome.error.has_value();
    malformed += outcome.error == ParseStatus::malformed;
    oversized += outcome.error == ParseStatus::oversized;
    mismatched += outcome.error == ParseStatus::checksum_mismatch;
  }
  MESSAGE(inputs << " streams, " << frames << " frames, " << clean << " clean, " << malformed
                 << " malformed, " << oversized << " oversized, " << mismatched << " mismatched");
  // The generator reaches every outcome, or the test above shows little.
  if (inputs >= 1000) {
    CHECK(frames > inputs / 2);
    CHECK(clean > inputs / 20);
    CHECK(malformed > inputs / 100);
    CHECK(oversized > inputs / 100);
    CHECK(mismatched > inputs / 100);
  }
}

TEST_SUITE_END();
