#include "fleet/dialect/echo8_dialect.h"

#include "wire/echo8.h"

namespace oversoak::fleet {

std::size_t Echo8Dialect::longest_message_bytes() const noexcept {
  return wire::echo8::kMessageBytes;
}

void Echo8Dialect::say(Conversation& conversation, std::int64_t, std::int64_t, Random&) {
  wire::echo8::build(append(conversation, wire::echo8::kMessageBytes),
                     conversation.window.next_sequence());
}

Heard Echo8Dialect::hear(Conversation& conversation) {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::echo8::parse(unread);
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Heard::Kind::corrupt};
  const std::uint64_t value = wire::echo8::value_of(unread.first(parsed.size));
  conversation.inbox.consume(parsed.size);
  return heard_sequence(conversation.window, value);
}

}  // namespace oversoak::fleet
