#include "fleet/dialect/oversoak_dialect.h"

namespace oversoak::fleet {
namespace {

constexpr std::size_t kPayloadSourceBytes = 2 * 16'384;

}  // namespace

OversoakDialect::OversoakDialect(MessageSizes sizes, Random& random)
    : sizes_(sizes), payload_(payload_source(kPayloadSourceBytes, random)) {}

void OversoakDialect::say(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                          Random& random) {
  const std::size_t size = sizes_.draw(random);
  const auto frame = append(conversation, size);
  const std::size_t payload = size - wire::kOverheadBytes;
  const std::size_t at = random.below(payload_.size() - payload);
  wire::build(frame, {conversation.window.next_sequence(), intended_ns, now_ns},
              std::span(payload_).subspan(at, payload));
}

Heard OversoakDialect::hear(Conversation& conversation) {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(unread, sizes_.max_bytes);
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Heard::Kind::corrupt};
  const auto frame = unread.first(parsed.size);
  Heard heard = heard_sequence(conversation.window, wire::header_of(frame).sequence);
  heard.stamps = wire::stamps_of(frame);
  conversation.inbox.consume(parsed.size);
  return heard;
}

}  // namespace oversoak::fleet
