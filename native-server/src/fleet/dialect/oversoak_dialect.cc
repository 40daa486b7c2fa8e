#include "fleet/dialect/oversoak_dialect.h"

#include <algorithm>

namespace oversoak::fleet {
namespace {

constexpr std::size_t kPayloadSourceBytes = 2 * 16'384;

const char* what_is(wire::ParseStatus status) noexcept {
  switch (status) {
    case wire::ParseStatus::malformed:
      return "a length or a reserved field that no message has";
    case wire::ParseStatus::oversized:
      return "longer than any message";
    case wire::ParseStatus::checksum_mismatch:
      return "other bytes than its checksum says";
    case wire::ParseStatus::complete:
      return "a sequence that was not sent on this connection";
    case wire::ParseStatus::incomplete:
      break;
  }
  return "a part of a message";
}

}  // namespace

OversoakDialect::OversoakDialect(MessageSizes sizes, Random& random)
    : sizes_(sizes), payload_(payload_source(kPayloadSourceBytes, random)) {}

void OversoakDialect::begin(Conversation& conversation, Random&) {
  conversation.made.resize(conversation.window.capacity());
}

void OversoakDialect::say(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                          Random& random) {
  const std::size_t size = sizes_.draw(random);
  const auto frame = append(conversation, size);
  const std::size_t payload = size - wire::kOverheadBytes;
  const std::size_t at = random.below(payload_.size() - payload);
  const std::uint64_t message = conversation.window.next_message();
  conversation.made[message & (conversation.made.size() - 1)] = {
      static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size)};
  wire::build(frame, {conversation.window.next_sequence(), intended_ns, now_ns},
              std::span(payload_).subspan(at, payload));
}

Heard OversoakDialect::hear(Conversation& conversation) {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(unread, sizes_.max_bytes);
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Heard::Kind::corrupt};
  const auto frame = unread.first(parsed.size);
  const wire::Stamps stamps = wire::stamps_of(frame);
  Heard heard = heard_sequence(conversation, wire::header_of(frame).sequence, parsed.size);
  heard.stamps = stamps;
  return heard;
}

Mismatch OversoakDialect::mismatch(const Conversation& conversation) const {
  const auto got = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(got, sizes_.max_bytes);
  Mismatch found{.what = what_is(parsed.status), .got = Excerpt::of(got)};
  // What it says it is, as far as that can be: else what should have come.
  const bool has_header = got.size() >= wire::kHeaderBytes;
  auto sent = has_header ? conversation.window.unanswered(wire::header_of(got).sequence)
                         : std::optional<Window::Sent>();
  if (sent) {
    found.message = sent->message;
  } else {
    sent = conversation.window.oldest_unanswered();
    if (!sent) return found;
    found.expected_message = sent->message;
  }
  const std::vector<std::byte> expected = made(conversation, *sent);
  const auto whole = got.first(std::min(got.size(), expected.size()));
  const std::size_t offset =
      first_difference(expected, whole, wire::kStampsOffset, wire::kHeaderBytes);
  found.offset = offset;
  found.expected = Excerpt::of(std::span(expected).subspan(offset));
  found.got = Excerpt::of(whole.subspan(offset));
  return found;
}

// A message as it was sent.
std::vector<std::byte> OversoakDialect::made(const Conversation& conversation,
                                             const Window::Sent& sent) const {
  const auto& [payload_at, bytes] =
      conversation.made[sent.message & (conversation.made.size() - 1)];
  std::vector<std::byte> frame(bytes);
  wire::build(frame, {sent.sequence, sent.intended_ns, sent.sent_ns},
              std::span(payload_).subspan(payload_at, bytes - wire::kOverheadBytes));
  return frame;
}

}  // namespace oversoak::fleet
