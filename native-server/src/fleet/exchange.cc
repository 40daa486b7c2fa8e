#include "fleet/exchange.h"

#include <algorithm>
#include <cstdlib>

#include "fleet/count_error.h"
#include "fleet/dialect/framed_dialect.h"
#include "fleet/dialect/plugin_dialect.h"
#include "fleet/dialect/zone_dialect.h"
#include "fleet/stages.h"

namespace oversoak::fleet {

using State = Client::State;

namespace {

// A message sent later than this after it was due, by the fleet's own delay, makes the load differ
// from the requested one.
constexpr std::int64_t kLate_ns = 50'000'000;
// What is in flight then has this delay of the fleet in it as well.
constexpr std::int64_t kFarBehind_ns = 100'000'000;

// So long a session may be between two connections because the fleet ended it (churn): the server
// takes part in the end and in the new connection, and what it takes longer for them is its own.
constexpr std::int64_t kChurnGrace_ns = 250'000'000;

// In the drain, in which nobody reads slowly: when nothing has come for so long, all is read.
constexpr std::int64_t kReadAll_ns = 500'000'000;

bool is_late(const Client::Due& message) noexcept { return message.own_lag_ns > kLate_ns; }

std::unique_ptr<Dialect> dialect_of(const FleetOptions& options, Random& random) {
  if (options.program) {
    return std::make_unique<FramedDialect>(options.program,
                                           static_cast<std::uint32_t>(options.seed));
  }
  if (options.plugin) return std::make_unique<PluginDialect>(options.plugin);
  if (options.zones) {
    return std::make_unique<ZoneDialect>(
        MessageSizes{options.min_frame_bytes, options.max_frame_bytes}, *options.zones, random);
  }
  return make_dialect(options.protocol, {options.min_frame_bytes, options.max_frame_bytes},
                      options.answers, random);
}

}  // namespace

Exchange::Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures,
                   Measurement& measurement, Timers& timers)
    : options_(options),
      dialect_(dialect_of(options, random)),
      figures_(figures),
      measurement_(measurement),
      timers_(timers) {}

void Exchange::schedule(Client& client, std::int64_t start_ns) {
  if (options_.pacing == Pacing::closed) return;
  client.pacer.start(start_ns, client.random);
}

void Exchange::count_away(Client& client, std::int64_t now_ns) {
  if (options_.pacing == Pacing::closed || !scheduling_) return;
  const std::int64_t until_ns = std::min(now_ns, measurement_.span().end_ns);
  for (; client.pacer.due_ns() < until_ns; client.pacer.advance(client.random)) {
    measurement_.due(client.pacer.due_ns());
    measurement_.unsent(client.pacer.due_ns(), away_cause(client, client.pacer.due_ns()));
  }
}

// Whether a message without a session, or in the connection that the fleet ended, has only that to
// blame. While the fleet stood still it could not see the server's part.
bool Exchange::is_churn(const Client& client, std::int64_t due_ns) const {
  if (client.left_ns == 0) return false;
  const std::int64_t away_ns = std::abs(due_ns - client.left_ns);
  const std::int64_t since_ns = std::min(due_ns, client.left_ns);
  return away_ns - kChurnGrace_ns < measurement_.stood_still_since_ns(since_ns);
}

Unsent Exchange::away_cause(const Client& client, std::int64_t due_ns) const {
  return is_churn(client, due_ns) ? Unsent::churn : client.away;
}

void Exchange::begin(Client& client, std::int64_t now_ns) {
  // An own range of sequence numbers for each connection: an echo that strays to another session
  // is unknown there.
  client.conversation.begin(client.random.next() >> 1, now_ns);
  dialect_->begin(client.conversation, client.random);
  client.echoed = false;
  client.pauses_before.reset();
}

ScriptTurn Exchange::continue_script(Client& client, std::int64_t now_ns) {
  const bool login = client.state == State::login;
  if (!login && dialect_->logout_waits() && client.conversation.window.outstanding() > 0) {
    return {ScriptTurn::Kind::waits};
  }
  return dialect_->continue_script(client.conversation, login ? Script::login : Script::logout,
                                   now_ns);
}

void Exchange::go_live(Client& client, std::int64_t now_ns) {
  if (options_.pacing != Pacing::closed) return set_next_timer(client);
  for (std::uint32_t i = 0; i < options_.over_send; ++i) set_message_timer(client, now_ns);
}

void Exchange::set_message_timer(Client& client, std::int64_t due_ns) {
  if (due_ns >= measurement_.span().end_ns) return;
  timers_.push({due_ns, &client, client.connection, TimerKind::message});
}

// A timer of the connection before may still be set: for this message, or for one that was counted
// meanwhile, and then it is stale.
void Exchange::set_next_timer(Client& client) {
  if (client.message_timer_ns == client.pacer.due_ns()) return;
  client.message_timer_ns = client.pacer.due_ns();
  set_message_timer(client, client.message_timer_ns);
}

bool Exchange::message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  if (!scheduling_) return true;
  if (options_.pacing != Pacing::closed) return open_loop_due(client, due_ns, now_ns);
  if (client.state != State::live || now_ns >= measurement_.span().end_ns) return true;
  return closed_loop_due(client, now_ns);
}

// A message is due when its session has paused before it; those that come after it wait.
bool Exchange::closed_loop_due(Client& client, std::int64_t now_ns) {
  const std::uint64_t next = client.conversation.window.next_message();
  if (client.pauses_before != next) {
    client.pauses_before = next;
    client.pause_until_ns = now_ns + dialect_->pause_ns(client.conversation);
  }
  if (now_ns < client.pause_until_ns) {
    set_message_timer(client, client.pause_until_ns);
    return true;
  }
  measurement_.due(now_ns);
  return send_or_hold(client, {now_ns}, now_ns);
}

// The next message's timer is set whether or not this one can leave, so what a slow server holds up
// keeps its intended time.
bool Exchange::open_loop_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  if (due_ns != client.message_timer_ns) return true;
  client.message_timer_ns = 0;
  if (client.state != State::live) return true;  // count_away has it
  client.pacer.advance(client.random);
  set_next_timer(client);
  measurement_.due(due_ns);
  const std::int64_t lag_ns = now_ns - due_ns;
  if (lag_ns >= kFarBehind_ns) measurement_.behind(now_ns);
  return send_or_hold(client, {due_ns, lag_ns}, now_ns);
}

bool Exchange::send_or_hold(Client& client, Client::Due message, std::int64_t now_ns) {
  if (!client.backlog.empty() || !client.conversation.window.has_room()) {
    client.backlog.push_back(message);
    if (client.backlog.size() <= Client::kLongestBacklog) {
      ++waiting_;
      return true;
    }
    // The oldest one, so that the reported age is not too small.
    never_sent(client, client.backlog.front(), now_ns);
    client.backlog.pop_front();
    return true;
  }
  // In a closed loop messages have no time to be late for; there the thread's own timers do.
  if (!client.read_pace && options_.pacing != Pacing::closed) {
    measurement_.send_lag(message.due_ns, message.own_lag_ns);
  }
  return send_message(client, message, now_ns,
                      is_late(message) ? Departure::late : Departure::on_time);
}

bool Exchange::take_echoes(Client& client, std::int64_t now_ns) {
  for (;;) {
    const Received received = dialect_->read_answer(client.conversation);
    switch (received.kind) {
      case Received::Kind::incomplete:
        return true;
      case Received::Kind::echo:
        if (!take_echo(client, received, now_ns)) return false;
        break;
      case Received::Kind::other:
        break;
      case Received::Kind::error:
        if (!take_error(client, received, now_ns)) return false;
        break;
      case Received::Kind::delivery:
        if (!take_delivery(client, received, now_ns)) return false;
        break;
      case Received::Kind::tick:
        take_tick(client, received, now_ns);
        break;
      case Received::Kind::joined:
        figures_.zones.joins.add();
        break;
      case Received::Kind::left:
        figures_.zones.leaves.add();
        figures_.zones.skipped.add(received.skipped);
        count_missing(client, client.conversation.zone.give_up(), now_ns);
        break;
      case Received::Kind::corrupt:
        // Nothing that follows on this connection can be trusted.
        count_error(figures_, client, FleetError::corrupt, now_ns, {},
                    [&] { return dialect_->mismatch(client.conversation); });
        return false;
    }
  }
}

// The message is answered all the same; a script that an error answers cannot go on.
bool Exchange::take_error(Client& client, const Received& received, std::int64_t now_ns) {
  count_error(figures_, client, FleetError::error_answer, now_ns, {},
              [&] { return dialect_->reported_error(client.conversation); });
  if (received.echo.kind == EchoKind::unknown) return !client.in_script();
  return take_echo(client, received, now_ns);
}

bool Exchange::take_echo(Client& client, const Received& received, std::int64_t now_ns) {
  client.echoed = true;
  const Echo& echo = received.echo;
  const auto not_the_next = [&](const char* what) {
    return Mismatch{.what = what,
                    .message = echo.message,
                    .expected_message = client.conversation.window.next_in_order()};
  };
  if (echo.kind == EchoKind::duplicate) {
    count_error(figures_, client, FleetError::duplicate, now_ns, {},
                [&] { return not_the_next("its echo had come before"); });
    return true;
  }
  if (echo.kind == EchoKind::out_of_order) {
    count_error(figures_, client, FleetError::out_of_order, now_ns, {},
                [&] { return not_the_next("the echo of a later message had come before"); });
  }
  figures_.echoed.add();
  figures_.in_flight.subtract();
  const MessageTimes times{echo.intended_ns, echo.own_lag_ns, echo.sent_ns, now_ns};
  measurement_.echoed(times, received.stamps, !client.read_pace);
  if (received.stamps) measurement_.saw_server(echo.sent_ns, *received.stamps, now_ns);
  if (const auto own = measurement_.undisturbed(times); own && !client.read_pace) {
    const StageTimes stages = split_latency(own->ready_ns(), own->sent_ns, own->now_ns,
                                            received.stamps.value_or(wire::Stamps{}));
    figures_.slow_echoes.note({client.session, echo.message, echo.intended_ns, stages});
  }
  // One that was given up has been replaced.
  if (options_.pacing == Pacing::closed && client.state == State::live && !echo.overdue) {
    set_message_timer(client, now_ns + static_cast<std::int64_t>(options_.loop_delay_ms * 1e6));
  }
  return send_waiting(client, now_ns);
}

bool Exchange::expire_overdue(Client& client, std::int64_t now_ns) {
  Window& window = client.conversation.window;
  const auto timeout_ns = static_cast<std::int64_t>(options_.echo_timeout_ms * 1e6);
  if (options_.zones) {
    count_missing(client, client.conversation.zone.give_up(now_ns, timeout_ns), now_ns);
  }
  if (window.outstanding() == 0) return true;
  if (client.read_pace && window.oldest_unanswered()->sent_ns > now_ns - timeout_ns) {
    client.read_pace->wait_from(now_ns);
  }
  Window::Expired expired;
  if (!is_excused(client, now_ns)) {
    expired = window.expire(now_ns - timeout_ns);
  } else if (dialect_->keeps_order()) {
    expired = window.expire_skipped(now_ns - timeout_ns);
  }
  if (expired.count == 0) return true;
  const auto missing = [&] {
    return Mismatch{.what = "no echo in time", .expected_message = expired.oldest->message};
  };
  count_error(figures_, client, FleetError::not_received_in_time, now_ns, {}, missing,
              expired.count);
  for (std::uint32_t i = 0; i < expired.count && options_.pacing == Pacing::closed; ++i) {
    set_message_timer(client, now_ns);
  }
  // What is given up no longer holds back the messages behind it.
  return send_waiting(client, now_ns);
}

// Messages that were due while the window was full, oldest first.
bool Exchange::send_waiting(Client& client, std::int64_t now_ns) {
  while (client.state == State::live && !client.backlog.empty() &&
         client.conversation.window.has_room()) {
    const Client::Due message = client.backlog.front();
    client.backlog.pop_front();
    --waiting_;
    const Departure departure = is_late(message) ? Departure::late : Departure::held;
    if (!send_message(client, message, now_ns, departure)) return false;
  }
  return true;
}

bool Exchange::send_message(Client& client, Client::Due message, std::int64_t now_ns,
                            Departure departure) {
  Window& window = client.conversation.window;
  if (window.exhausted()) {  // the echoes that are missing are counted already
    never_sent(client, message, now_ns);
    return false;
  }
  // Of what others receive the fleet's own lateness cannot be told later.
  const std::int64_t own_lag_ns = options_.zones ? message.own_lag_ns : 0;
  dialect_->write_message(client.conversation, message.due_ns + own_lag_ns, now_ns, client.random);
  window.sent(message.due_ns, now_ns, message.own_lag_ns);
  figures_.sent.add();
  figures_.in_flight.add();
  // What a slow reader holds up is no fault of the server's.
  measurement_.sent(message.due_ns, departure, client.read_pace ? message.due_ns : now_ns);
  return true;
}

// A message for which the window never had room.
void Exchange::never_sent(const Client& client, Client::Due message, std::int64_t now_ns) {
  if (is_excused(client, now_ns)) {
    return measurement_.unsent(message.due_ns, Unsent::slow_reader);
  }
  if (is_churn(client, message.due_ns)) return measurement_.unsent(message.due_ns, Unsent::churn);
  if (is_late(message)) return measurement_.unsent(message.due_ns, Unsent::fleet);
  measurement_.held_to_the_end({message.due_ns, message.own_lag_ns, 0, now_ns});
}

bool Exchange::settle_schedule(Client& client, std::int64_t now_ns) {
  if (options_.pacing == Pacing::closed) return true;
  bool goes_on = true;
  if (client.state != State::live) count_away(client, now_ns);
  const std::int64_t until_ns = std::min(now_ns, measurement_.span().end_ns);
  for (; client.pacer.due_ns() < until_ns; client.pacer.advance(client.random)) {
    const std::int64_t due_ns = client.pacer.due_ns();
    measurement_.due(due_ns);
    if (const Client::Due message{due_ns, now_ns - due_ns}; is_late(message)) {
      measurement_.unsent(due_ns, Unsent::fleet);
    } else if (!goes_on) {
      measurement_.unsent(due_ns, Unsent::lost);
    } else {
      goes_on = send_or_hold(client, message, now_ns);
    }
  }
  return goes_on;
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

void Exchange::connection_over(Client& client, std::int64_t ended_ns, bool drained) {
  // A reader has taken all that came when the server ended its side, and in the drain, in which it
  // does not read slowly, once no more comes.
  const bool has_read_all =
      client.ended_by_both || (drained && ended_ns - client.last_received_ns >= kReadAll_ns);
  const bool excused = !has_read_all && is_excused(client, ended_ns);
  // What a reset cut off may have had what is absent.
  const std::uint64_t missing = client.conversation.zone.give_up();
  if (!client.resets) count_missing(client, missing, ended_ns);
  for (const Client::Due& message : client.backlog) never_sent(client, message, ended_ns);
  waiting_ -= client.backlog.size();
  client.backlog.clear();
  client.conversation.window.each_outstanding([&](const Window::Outstanding& message) {
    const MessageTimes times{message.intended_ns, message.own_lag_ns, message.sent_ns,
                             std::max(message.sent_ns, ended_ns)};
    const bool skipped = message.skipped && dialect_->keeps_order();
    const bool timed = skipped || !excused;
    const bool ended = drained || client.ended_by_both;
    if (!message.overdue && (skipped || (ended && timed))) {
      count_error(figures_, client, FleetError::not_received_in_time, ended_ns, {},
                  skipped   ? "the echo of a later message came, and never its own"
                  : drained ? "no echo before the drain was over"
                            : "the server ended its side without it");
    }
    if (!client.resets) return measurement_.unanswered(times, timed);
    measurement_.reset(times, timed && (skipped || !is_churn(client, message.intended_ns)));
  });
}

}  // namespace oversoak::fleet
