#include "fleet/dialect/raw_dialect.h"

namespace oversoak::fleet {
namespace {

// A prime: a server that loses or repeats a whole buffer of its own, which has a rounder length,
// shifts the stream to other bytes.
constexpr std::size_t kSourceBytes = 32'749;

}  // namespace

RawDialect::RawDialect(MessageSizes sizes, Random& random)
    : sizes_(sizes), source_(payload_source(kSourceBytes, random)) {}

void RawDialect::begin(Conversation& conversation, Random& random) {
  conversation.raw.begin(random.below(source_.size()), conversation.window.capacity());
}

void RawDialect::write_message(Conversation& conversation, std::int64_t, std::int64_t,
                               Random& random) {
  conversation.raw.write(source_, append(conversation, sizes_.draw(random)));
}

Received RawDialect::read_answer(Conversation& conversation) {
  // The bytes come back in order or not at all, so the next answer is that of the oldest message.
  const std::uint64_t oldest =
      conversation.window.next_sequence() - conversation.raw.messages_out();
  for (;;) {
    const RawStream::Taken taken = conversation.raw.take(source_, conversation.inbox.unread());
    if (!taken.as_sent) return {Received::Kind::corrupt};
    conversation.inbox.consume(taken.bytes);
    if (taken.whole_message) return {Received::Kind::echo, conversation.window.echoed(oldest)};
    if (taken.bytes == 0) return {};
  }
}

Mismatch RawDialect::mismatch(const Conversation& conversation) const {
  const auto got = conversation.inbox.unread();
  const RawStream::Next next = conversation.raw.next(source_.size());
  Mismatch found{
      .what = "bytes that were not sent", .offset = next.offset, .got = Excerpt::of(got)};
  if (next.left == 0) return found;
  const auto expected = std::span(source_).subspan(next.at, next.left);
  const std::size_t same = first_difference(expected, got);
  found.what = "other bytes than were sent";
  found.expected_message = conversation.window.next_message() - conversation.raw.messages_out();
  found.offset = next.offset + same;
  found.expected = Excerpt::of(expected.subspan(same));
  found.got = Excerpt::of(got.subspan(same));
  return found;
}

}  // namespace oversoak::fleet
