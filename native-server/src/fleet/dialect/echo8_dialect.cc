#include "fleet/dialect/echo8_dialect.h"

#include <algorithm>
#include <array>

#include "wire/echo8.h"

namespace oversoak::fleet {

std::size_t Echo8Dialect::longest_message_bytes() const noexcept {
  return wire::echo8::kMessageBytes;
}

void Echo8Dialect::write_message(Conversation& conversation, std::int64_t, std::int64_t, Random&) {
  wire::echo8::build(append(conversation, wire::echo8::kMessageBytes),
                     conversation.window.next_sequence());
}

Received Echo8Dialect::read_answer(Conversation& conversation) {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::echo8::parse(unread);
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Received::Kind::corrupt};
  const Echo echo = conversation.window.echoed(wire::echo8::value_of(unread.first(parsed.size)));
  if (echo.kind == EchoKind::unknown) return {Received::Kind::corrupt};
  conversation.inbox.consume(parsed.size);
  return {Received::Kind::echo, echo};
}

Mismatch Echo8Dialect::mismatch(const Conversation& conversation) const {
  const auto got = conversation.inbox.unread();
  Mismatch found{.what = "a value that was not sent on this connection", .got = Excerpt::of(got)};
  const auto sent = conversation.window.oldest_unanswered();
  if (!sent) return found;
  std::array<std::byte, wire::echo8::kMessageBytes> expected{};
  wire::echo8::build(expected, sent->sequence);
  const std::size_t offset = first_difference(expected, got);
  found.expected_message = sent->message;
  found.offset = offset;
  found.expected = Excerpt::of(std::span(expected).subspan(offset));
  found.got = Excerpt::of(got.first(std::min(got.size(), expected.size())).subspan(offset));
  return found;
}

}  // namespace oversoak::fleet
