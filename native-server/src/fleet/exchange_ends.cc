// What a fleet's messages end with when no echo does: overdue, never sent, or cut off with their
// connection.
#include <algorithm>

#include "fleet/count_error.h"
#include "fleet/exchange.h"

namespace oversoak::fleet {
namespace {

// In the drain, in which nobody reads slowly: when nothing has come for so long, all is read.
constexpr std::int64_t kReadAll_ns = 500'000'000;

// When the drain is over, the answer to what was sent so shortly before may be on its way.
constexpr std::int64_t kJustSent_ns = 100'000'000;
constexpr const char* kNotDrained = "no echo before the drain was over";

}  // namespace

bool Exchange::expire_overdue(Client& client, std::int64_t before_ns, std::int64_t now_ns) {
  Window& window = client.conversation.window;
  if (options_.zones) {
    count_missing(client, client.conversation.zone.give_up(now_ns, now_ns - before_ns), now_ns);
  }
  if (window.outstanding() == 0) return true;
  if (client.read_pace && window.oldest_unanswered()->sent_ns > before_ns) {
    client.read_pace->wait_from(now_ns);
  }
  Window::Expired expired;
  if (!is_excused(client, now_ns)) {
    expired = window.expire(before_ns);
  } else if (dialect_->keeps_order()) {
    expired = window.expire_skipped(before_ns);
  }
  if (expired.count == 0) return true;
  count_expired(client, expired, "no echo in time", now_ns);
  for (std::uint32_t i = 0; i < expired.count && options_.pacing == Pacing::closed; ++i) {
    set_message_timer(client, now_ns);
  }
  // What is given up no longer holds back the messages behind it.
  return send_waiting(client, now_ns);
}

// What of it a slow reader has not read shows at its connection's end.
void Exchange::drained(Client& client, std::int64_t now_ns) {
  if (client.read_pace) return;
  const auto expired = client.conversation.window.expire(now_ns - kJustSent_ns);
  if (expired.count > 0) count_expired(client, expired, kNotDrained, now_ns);
}

void Exchange::count_expired(const Client& client, const Window::Expired& expired, const char* what,
                             std::int64_t now_ns) {
  const auto missing = [&] {
    return named(client, {.what = what, .expected_message = expired.oldest->message});
  };
  count_error(figures_, client, FleetError::not_received_in_time, now_ns, {}, missing,
              expired.count);
}

// A message for which the window never had room.
void Exchange::never_sent(const Client& client, DueMessage message, std::int64_t now_ns) {
  if (is_excused(client, now_ns)) {
    return measurement_.unsent(message.due_ns, Unsent::slow_reader);
  }
  if (is_churn(client, message.due_ns)) return measurement_.unsent(message.due_ns, Unsent::churn);
  message = message.waited_until(now_ns, measurement_.stood_still_ns());
  if (message.is_late_alone(now_ns)) return measurement_.unsent(message.due_ns, Unsent::fleet);
  measurement_.held_to_the_end({message.due_ns, message.own_lag_ns, 0, now_ns});
}

// What a slow reader has not read is no fault of the server's. But one that is ready to read, and
// for as long as an echo may take gets nothing of what it waits for, or less than half of what it
// reads, has a server that is silent or slow. What was skipped is in no buffer (Window).
bool Exchange::is_excused(const Client& client, std::int64_t now_ns) const {
  if (!client.read_pace) return false;
  const auto oldest = client.conversation.window.oldest_unanswered();
  if (!oldest) return true;
  const std::int64_t ready_ns =
      std::max({client.last_received_ns, client.read_pace->next_ns(), oldest->sent_ns});
  const auto timeout_ns = static_cast<std::int64_t>(options_.echo_timeout_ms * 1e6);
  const auto in_time = [&](std::int64_t from_ns) {
    return now_ns - from_ns - measurement_.stood_still_since_ns(from_ns) < timeout_ns;
  };
  return in_time(ready_ns) && in_time(client.read_pace->waiting_from_ns());
}

// Behind an answer that waits, they are a part of it, and it is counted as one that never came.
void Exchange::ended_by_both(Client& client, std::int64_t now_ns) {
  client.ended_by_both = true;
  const Conversation& conversation = client.conversation;
  if (conversation.inbox.unread().empty() || conversation.window.outstanding() > 0) return;
  count_error(figures_, client, FleetError::corrupt, now_ns, {}, [&] {
    return unfinished(client, "the server ended its side behind bytes that are no whole message");
  });
}

void Exchange::connection_over(Client& client, std::int64_t ended_ns, bool drained) {
  // A reader has taken all that came when the server ended its side, and in the drain, in which it
  // does not read slowly, once no more comes.
  const bool has_read_all =
      client.ended_by_both || (drained && ended_ns - client.last_received_ns >= kReadAll_ns);
  const bool excused = !has_read_all && is_excused(client, ended_ns);
  // What a reset cut off may have had what is absent.
  const std::uint64_t missing = client.conversation.zone.give_up();
  if (!client.resets) count_missing(client, missing, ended_ns);
  for (const DueMessage& message : client.backlog) never_sent(client, message, ended_ns);
  waiting_ -= client.backlog.size();
  client.backlog.clear();
  client.conversation.window.each_outstanding([&](const Window::Outstanding& message) {
    const MessageTimes times{message.intended_ns, message.own_lag_ns, message.sent_ns,
                             std::max(message.sent_ns, ended_ns)};
    const bool skipped = message.skipped && dialect_->keeps_order();
    const bool timed = skipped || !excused;
    const bool ended = drained || client.ended_by_both;
    if (!message.overdue && (skipped || (ended && timed))) {
      const char* what = skipped   ? "the echo of a later message came, and never its own"
                         : drained ? kNotDrained
                                   : "the server ended its side without it";
      count_error(figures_, client, FleetError::not_received_in_time, ended_ns, {}, [&] {
        return named(client, {.what = what, .expected_message = message.message});
      });
    }
    if (!client.resets) return measurement_.unanswered(times, timed);
    measurement_.reset(times, timed && (skipped || !is_churn(client, message.intended_ns)));
  });
}

}  // namespace oversoak::fleet
