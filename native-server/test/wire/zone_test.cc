#include "wire/zone.h"

#include <doctest/doctest.h>

#include <vector>

using namespace oversoak;
using wire::ParseStatus;

namespace {

constexpr std::size_t kMax = 256;

std::vector<std::byte> delivery() {
  std::vector<std::byte> bytes(wire::kDeliveryHeadBytes + 80);
  const std::vector<std::byte> payload(80 - wire::kOverheadBytes, std::byte{7});
  wire::build(std::span(bytes).subspan(wire::kDeliveryHeadBytes),
              {.sequence = 5, .intended_ns = 6, .sent_ns = 7, .act = wire::ZoneAct::broadcast},
              payload);
  wire::write_delivery_head(bytes, {0x0102030405060708, 9, 1'000'000});
  return bytes;
}

}  // namespace

TEST_SUITE("zone frames") {
  TEST_CASE("a delivery is read as it was written, with the frame of its origin") {
    const auto bytes = delivery();
    CHECK(wire::begins_delivery(bytes) == true);
    const auto parsed = wire::parse_delivery(bytes, kMax);
    CHECK(parsed.status == ParseStatus::complete);
    CHECK(parsed.size == bytes.size());
    const auto head = wire::delivery_head_of(bytes);
    CHECK(head.number == 0x0102030405060708);
    CHECK(head.skipped == 9);
    CHECK(head.ordered_since_ns == 1'000'000);
    CHECK(wire::header_of(wire::frame_of(bytes)).act == wire::ZoneAct::broadcast);
  }

  TEST_CASE("every prefix is incomplete, every flipped bit of its head or frame is found") {
    const auto bytes = delivery();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK(wire::parse_delivery(std::span(bytes).first(size), kMax).status ==
            ParseStatus::incomplete);
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const bool is_stamp = i >= wire::kDeliveryHeadBytes + wire::kStampsOffset &&
                            i < wire::kDeliveryHeadBytes + wire::kHeaderBytes;
      if (is_stamp) continue;
      auto spoilt = bytes;
      spoilt[i] ^= std::byte{1};
      CAPTURE(i);
      CHECK(wire::parse_delivery(spoilt, kMax).status != ParseStatus::complete);
    }
  }

  TEST_CASE("a head before a frame that is no broadcast is none") {
    auto bytes = delivery();
    const std::vector<std::byte> payload(80 - wire::kOverheadBytes);
    wire::build(std::span(bytes).subspan(wire::kDeliveryHeadBytes), {.sequence = 5}, payload);
    CHECK(wire::parse_delivery(bytes, kMax).status == ParseStatus::malformed);
  }

  TEST_CASE("a tick is a delivery with the server's times") {
    std::vector<std::byte> bytes(wire::kDeliveryHeadBytes + 80);
    wire::build_tick(bytes, {17, 1000, 1200}, std::vector<std::byte>(80 - wire::kOverheadBytes));
    const auto parsed = wire::parse_delivery(bytes, kMax);
    CHECK(parsed.status == ParseStatus::complete);
    CHECK(parsed.size == bytes.size());
    CHECK(wire::delivery_head_of(bytes).number == 17);
    const auto frame = wire::frame_of(bytes);
    const auto header = wire::header_of(frame);
    CHECK(header.act == wire::ZoneAct::tick);
    CHECK(header.sequence == 17);
    CHECK(header.intended_ns == 1000);
    CHECK(header.sent_ns == 1200);
    CHECK(wire::stamps_of(frame).received_ns == 1200);
    CHECK(wire::parse(frame, kMax).status == ParseStatus::malformed);
  }

  TEST_CASE("requests and their answers") {
    std::vector<std::byte> join(wire::kJoinBytes);
    wire::build_join(join, {.sequence = 3}, 77);
    CHECK(wire::parse(join, kMax, true).status == ParseStatus::complete);
    CHECK(wire::header_of(join).act == wire::ZoneAct::join);
    CHECK(wire::join_of(join) == 77);
    CHECK_FALSE(wire::joined_of(join));

    std::vector<std::byte> joined(wire::kJoinedBytes);
    wire::build_joined(joined, wire::header_of(join), {77, 1'234'567'890'123});
    CHECK(wire::header_of(joined).sequence == 3);
    CHECK(wire::joined_of(joined)->zone == 77);
    CHECK(wire::joined_of(joined)->number == 1'234'567'890'123);
    CHECK_FALSE(wire::join_of(joined));

    std::vector<std::byte> leave(wire::kLeaveBytes);
    wire::build_leave(leave, {.sequence = 4});
    CHECK(wire::header_of(leave).act == wire::ZoneAct::leave);
    std::vector<std::byte> left(wire::kLeftBytes);
    wire::build_left(left, wire::header_of(leave), {12, 3});
    CHECK(wire::left_of(left)->number == 12);
    CHECK(wire::left_of(left)->skipped == 3);
    CHECK_FALSE(wire::left_of(leave));
  }

  TEST_CASE("where no zones are spoken none of them is a frame") {
    std::vector<std::byte> leave(wire::kLeaveBytes);
    wire::build_leave(leave, {.sequence = 4});
    CHECK(wire::parse(leave, kMax).status == ParseStatus::malformed);
    CHECK(wire::parse(delivery(), kMax).status == ParseStatus::malformed);
    CHECK(wire::parse(delivery(), kMax, true).status == ParseStatus::malformed);
  }

  TEST_CASE("what leaves is stamped in frames and in the frames of deliveries") {
    std::vector<std::byte> bytes = delivery();
    std::vector<std::byte> frame(80);
    wire::build(frame, {.sequence = 9}, std::vector<std::byte>(80 - wire::kOverheadBytes));
    bytes.insert(bytes.begin(), frame.begin(), frame.end());
    wire::write_sending(bytes, 123);
    CHECK(wire::stamps_of(bytes).sending_ns == 123);
    const auto sent = std::span(bytes).subspan(80);
    CHECK(wire::parse_delivery(sent, kMax).status == ParseStatus::complete);
    CHECK(wire::stamps_of(wire::frame_of(sent)).sending_ns == 123);
  }
}
