#include "server/zone_backlog.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <vector>

#include "wire/zone.h"

using namespace oversoak;
using layout::ZoneMessage;
using layout::ZoneRef;
using server::ZoneBacklog;
using server::ZonePolicy;

namespace {

constexpr std::size_t kFrameBytes = 100;
constexpr std::size_t kBytes = wire::kDeliveryHeadBytes + kFrameBytes;

std::unique_ptr<ZoneMessage> delivery(std::uint64_t number) {
  auto message = std::make_unique<ZoneMessage>();
  message->recycle = [](ZoneMessage&) noexcept {};
  message->number = number;
  message->bytes.resize(kBytes);
  const std::vector<std::byte> payload(kFrameBytes - wire::kOverheadBytes);
  wire::build(std::span(message->bytes).subspan(wire::kDeliveryHeadBytes),
              {.sequence = 1, .act = wire::ZoneAct::broadcast}, payload);
  wire::write_delivery_head(message->bytes, {number, 0, 0});
  return message;
}

// A backlog with room for three deliveries of others, and for three of its own.
struct Member {
  explicit Member(ZonePolicy policy) : backlog(policy, 3 * kBytes) {}

  ZoneBacklog::Added add(std::uint64_t number, bool owed = false) {
    return backlog.add(ZoneRef(*messages.emplace_back(delivery(number))), owed);
  }

  struct Sent {
    std::uint64_t number;
    std::uint32_t skipped;
    bool operator==(const Sent&) const = default;
  };
  // What leaves with the next send.
  std::vector<Sent> load(std::size_t max_bytes = 1 << 20) {
    std::vector<Sent> all;
    backlog.load(outbox, max_bytes);
    if (!outbox.has_next()) return all;
    std::span<const std::byte> bytes = outbox.next();
    while (!bytes.empty()) {
      const auto parsed = wire::parse_delivery(bytes, kFrameBytes);
      REQUIRE(parsed.status == wire::ParseStatus::complete);
      const auto head = wire::delivery_head_of(bytes);
      all.push_back({head.number, head.skipped});
      bytes = bytes.subspan(parsed.size);
    }
    outbox.sent();
    return all;
  }

  std::vector<std::unique_ptr<ZoneMessage>> messages;
  wire::Outbox outbox{1 << 20};
  ZoneBacklog backlog;
};

using Sents = std::vector<Member::Sent>;

}  // namespace

TEST_SUITE("zone backlog") {
  TEST_CASE("in order, as many as a send takes along, and no reference is kept") {
    Member member(ZonePolicy::drop);
    for (const std::uint64_t number : {1, 2, 3}) CHECK(member.add(number).queued);
    CHECK(member.messages[0]->references == 1);
    CHECK(member.load(2 * kBytes) == Sents{{1, 0}, {2, 0}});
    CHECK(member.backlog.bytes() == kBytes);
    CHECK(member.load(1) == Sents{{3, 0}});
    CHECK(member.backlog.empty());
    for (const auto& message : member.messages) CHECK(message->references == 0);
  }

  TEST_CASE("drop: the new one, and the next that leaves says so; what is owed stays") {
    Member member(ZonePolicy::drop);
    for (const std::uint64_t number : {1, 2, 3}) member.add(number);
    CHECK(member.add(4).dropped == 1);
    CHECK(member.add(5).dropped == 1);
    CHECK(member.add(6, true).queued);
    CHECK(member.load() == Sents{{1, 0}, {2, 0}, {3, 0}, {6, 2}});
    CHECK(member.add(7).queued);
    CHECK(member.load() == Sents{{7, 0}});
  }

  TEST_CASE("newest: all that wait, but what is owed") {
    Member member(ZonePolicy::newest);
    member.add(1);
    member.add(2, true);
    member.add(3);
    member.add(4);
    const auto added = member.add(5);
    CHECK(added.queued);
    CHECK(added.replaced == 3);
    CHECK(member.load() == Sents{{2, 1}, {5, 2}});
  }

  TEST_CASE("close, and more than the limit of what is owed, under any policy") {
    Member member(ZonePolicy::close);
    for (const std::uint64_t number : {1, 2, 3}) member.add(number);
    CHECK(member.add(4).overflowed);
    for (const ZonePolicy policy : {ZonePolicy::close, ZonePolicy::drop, ZonePolicy::newest}) {
      Member other(policy);
      for (const std::uint64_t number : {1, 2, 3}) CHECK(other.add(number, true).queued);
      CHECK(other.add(4, true).overflowed);
    }
  }

  TEST_CASE("the answer to a leave says what was left out after the last delivery") {
    Member member(ZonePolicy::drop);
    for (const std::uint64_t number : {1, 2, 3, 4}) member.add(number);
    CHECK(member.load().size() == 3);
    ZoneMessage left;
    left.recycle = [](ZoneMessage&) noexcept {};
    left.kind = ZoneMessage::Kind::leave;
    left.number = 4;
    left.bytes.resize(wire::kLeftBytes);
    wire::build_left(left.bytes, {}, {4, 0});
    CHECK(member.backlog.add(ZoneRef(left), true).queued);
    member.backlog.load(member.outbox, 1);
    const auto answer = wire::left_of(member.outbox.next());
    REQUIRE(answer.has_value());
    CHECK(answer->number == 4);
    CHECK(answer->skipped == 1);
  }
}
