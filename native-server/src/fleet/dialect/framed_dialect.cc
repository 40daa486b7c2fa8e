#include "fleet/dialect/framed_dialect.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "fleet/framed/message.h"

namespace oversoak::fleet {
namespace {

using framed::Expected;
using framed::Match;
using framed::Matched;
using framed::MatchField;
using framed::Program;
using framed::Step;
using framed::Values;
using Data = std::span<const std::byte>;
using Phase = FramedSession::Phase;

constexpr std::int64_t kMicrosecond_ns = 1000;

std::uint64_t messages_sent_by(const std::vector<Step>& steps) {
  return static_cast<std::uint64_t>(std::count_if(
      steps.begin(), steps.end(), [](const Step& step) { return !step.send.empty(); }));
}

// The number by which an answer names its request; none: it has not come, or is no number.
std::optional<std::uint64_t> matched_number(const MatchField& field, Data data) noexcept {
  const std::size_t bytes = field.format.fixed_bytes().value_or(0);
  if (data.size() < field.offset + bytes) return std::nullopt;
  return field.format.decode(data.subspan(field.offset, bytes));
}

const char* not_the_answer(Phase phase) noexcept {
  switch (phase) {
    case Phase::login:
      return "not the answer of the login";
    case Phase::live:
      return "not the answer that was due";
    case Phase::logout:
      return "not the answer of the logout";
  }
  return "";
}

// Why no number can be read in a message that should name its request.
const char* not_a_name(const Program& program, Data data) noexcept {
  const bool has_room = std::ranges::any_of(program.requests, [&](const auto& request) {
    const auto& field = request.expect.front().match_field;
    return field && data.size() >= field->offset + field->format.fixed_bytes().value_or(0);
  });
  const bool by_identifier = program.match == Match::identifier;
  if (has_room) return by_identifier ? "no number in its identifier" : "no number in its sequence";
  return by_identifier ? "too short to have the identifier of a request"
                       : "too short to have the sequence of a request";
}

// The message at the start of `data`, as far as its framing determines it.
struct Message {
  Data content;
  std::size_t bytes = 0;
  bool whole = false;
};

}  // namespace

FramedDialect::FramedDialect(std::shared_ptr<const Program> program, std::uint32_t seed)
    : program_(std::move(program)),
      seed_(seed),
      login_messages_(messages_sent_by(program_->login)) {}

std::size_t FramedDialect::longest_message_bytes() const noexcept {
  return program_->longest_sent_bytes;
}

std::size_t FramedDialect::longest_answer_bytes() const noexcept {
  return program_->longest_received_bytes;
}

std::uint64_t FramedDialect::most_followed() const noexcept {
  if (keeps_order()) return 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (const framed::Request& request : program_->requests) {
    const auto& field = request.expect.front().match_field;
    if (field) most = std::min(most, framed::distinct_numbers(*field));
  }
  return most;
}

void FramedDialect::begin(Conversation& conversation, Random&) {
  conversation.framed.begin(conversation.began_ns, conversation.window.capacity());
}

ScriptTurn FramedDialect::continue_script(Conversation& conversation, Script script,
                                          std::int64_t now_ns) {
  FramedSession& session = conversation.framed;
  if (script == Script::logout && session.phase == Phase::live) {
    session.phase = Phase::logout;
    session.next_step = 0;
  }
  const std::vector<Step>& steps = script == Script::login ? program_->login : program_->logout;
  while (session.script_answer == nullptr) {
    if (session.next_step == steps.size()) {
      if (script == Script::login) session.phase = Phase::live;
      return {ScriptTurn::Kind::over};
    }
    const Step& step = steps[session.next_step];
    if (!step.send.empty() && step.delay_ns > 0) {
      if (!session.pause_until_ns) session.pause_until_ns = now_ns + step.delay_ns;
      if (now_ns < *session.pause_until_ns) {
        return {ScriptTurn::Kind::pauses, *session.pause_until_ns};
      }
      session.pause_until_ns.reset();
    }
    ++session.next_step;
    session.script_values = next_values(conversation, now_ns);
    session.script_had = 0;
    if (!step.expect.empty()) session.script_answer = &step.expect;
    if (step.send.empty()) continue;
    append_message(conversation, step.send, session.script_values);
    ++session.script_sent;
  }
  return {ScriptTurn::Kind::waits};
}

std::int64_t FramedDialect::pause_ns(const Conversation& conversation) const noexcept {
  const Values values = next_values(conversation, conversation.began_ns);
  return program_->requests[choose_request(values.origin)].delay_ns;
}

void FramedDialect::write_message(Conversation& conversation, std::int64_t, std::int64_t now_ns,
                                  Random&) {
  const Values values = next_values(conversation, now_ns);
  const std::uint32_t request = choose_request(values.origin);
  const Window& window = conversation.window;
  conversation.framed.follow(window.oldest_message(), window.next_message(), window.capacity());
  conversation.framed.made_of(window.next_message()) = {request, 0, values.time_us};
  append_message(conversation, program_->requests[request].send, values);
}

Received FramedDialect::read_answer(Conversation& conversation) {
  const Data unread = conversation.inbox.unread();
  if (unread.empty()) return {};
  Message message{unread};
  if (program_->framing.by != framed::Framing::By::message) {
    const framed::Cut cut = framed::cut_message(*program_, unread);
    if (cut.status == framed::Cut::Status::incomplete) return {};
    if (cut.status == framed::Cut::Status::broken) return {Received::Kind::corrupt};
    message = {unread.first(cut.content_bytes), cut.bytes, true};
  }
  const Understood understood = understand(conversation, message.content, message.whole);
  switch (understood.kind) {
    case Understood::Kind::incomplete:
      // What is whole, or has room for no more, is never completed.
      if (message.whole || unread.size() >= program_->longest_received_bytes) break;
      return {};
    case Understood::Kind::unexpected:
      break;
    default: {
      const std::size_t bytes = message.whole ? message.bytes : understood.bytes;
      const Received received = take(conversation, understood,
                                     unread.first(message.whole ? message.content.size() : bytes));
      conversation.inbox.consume(bytes);
      return received;
    }
  }
  return {Received::Kind::corrupt};
}

// Answers first, then errors, then what the server sends on its own; the first that the message
// fits, or may fit, decides.
FramedDialect::Understood FramedDialect::understand(const Conversation& conversation, Data data,
                                                    bool whole) const {
  const Due due = due_answer(conversation, data);
  if (due.kind == Due::Kind::unreadable && !whole) return {};
  if (due.expected != nullptr) {
    const Matched matched =
        framed::match_message(*program_, due.expected->items, data, due.values, whole);
    if (matched.status == Matched::Status::matched) {
      return {Understood::Kind::answer, due, matched.bytes};
    }
    if (matched.status == Matched::Status::incomplete) return {};
  }
  return understand_unrequested(conversation, data, whole);
}

FramedDialect::Understood FramedDialect::understand_unrequested(const Conversation& conversation,
                                                                Data data, bool whole) const {
  const auto held_against = [&](const Expected& expected, const Due& due, auto kind) -> Understood {
    const Matched matched =
        framed::match_message(*program_, expected.items, data, due.values, whole);
    if (matched.status == Matched::Status::matched) return {kind, due, matched.bytes};
    if (matched.status == Matched::Status::incomplete) return {};
    return {Understood::Kind::unexpected};
  };
  for (const Expected& expected : program_->errors) {
    Due due = oldest(conversation);
    if (expected.match_field) {
      due = named(conversation, *expected.match_field, data);
      if (due.kind == Due::Kind::none || due.kind == Due::Kind::unreadable) continue;
    }
    const Understood found = held_against(expected, due, Understood::Kind::error);
    if (found.kind != Understood::Kind::unexpected) return found;
  }
  const Due nothing{.values = next_values(conversation, conversation.began_ns)};
  for (const Expected& expected : program_->ignore) {
    const Understood found = held_against(expected, nothing, Understood::Kind::ignored);
    if (found.kind != Understood::Kind::unexpected) return found;
  }
  return {Understood::Kind::unexpected};
}

Received FramedDialect::take(Conversation& conversation, const Understood& understood,
                             Data message) {
  if (understood.kind == Understood::Kind::ignored) return {Received::Kind::other};
  if (understood.kind == Understood::Kind::answer) {
    return take_answer(conversation, understood.due);
  }
  const Due& due = understood.due;
  conversation.framed.reported = {.what = "an answer that reports an error",
                                  .got = Excerpt::of(message)};
  Received received{Received::Kind::error};
  if (due.kind != Due::Kind::request) return received;
  conversation.framed.reported.message = due.message;
  received.echo = settle(conversation, due);
  return received;
}

Received FramedDialect::take_answer(Conversation& conversation, const Due& due) {
  FramedSession& session = conversation.framed;
  if (due.kind == Due::Kind::script) {
    if (++session.script_had == session.script_answer->size()) session.script_answer = nullptr;
    return {Received::Kind::other};
  }
  FramedSession::Made& made = session.made_of(due.message);
  if (++made.had < program_->requests[made.request].expect.size()) return {Received::Kind::other};
  return {Received::Kind::echo, settle(conversation, due)};
}

// The request is answered. With identifiers a server may answer in any order.
Echo FramedDialect::settle(Conversation& conversation, const Due& due) const {
  Echo echo = conversation.window.echoed(conversation.window.sequence_of(due.message));
  const bool any_order = program_->match == Match::identifier;
  if (any_order && echo.kind == EchoKind::out_of_order) echo.kind = EchoKind::in_order;
  return echo;
}

FramedDialect::Due FramedDialect::due_answer(const Conversation& conversation, Data data) const {
  const bool by_order = program_->match == Match::order || conversation.framed.phase != Phase::live;
  if (by_order) return oldest(conversation);
  // Requests may have their numbers at different places.
  bool readable = false;
  for (std::size_t i = 0; i < program_->requests.size(); ++i) {
    const auto& field = program_->requests[i].expect.front().match_field;
    if (!field) continue;
    const Due found = named(conversation, *field, data);
    readable = readable || found.kind != Due::Kind::unreadable;
    const bool is_its =
        found.kind == Due::Kind::request && conversation.framed.made_of(found.message).request == i;
    if (is_its) return found;
  }
  const bool none_due = conversation.window.outstanding() == 0;
  return {readable || none_due ? Due::Kind::none : Due::Kind::unreadable};
}

FramedDialect::Due FramedDialect::oldest(const Conversation& conversation) const {
  const FramedSession& session = conversation.framed;
  if (session.script_answer != nullptr) {
    return {Due::Kind::script, 0, &(*session.script_answer)[session.script_had],
            session.script_values};
  }
  const auto sent = conversation.window.oldest_unanswered();
  if (!sent) return {.values = next_values(conversation, session.began_ns)};
  return request(conversation, sent->message);
}

FramedDialect::Due FramedDialect::request(const Conversation& conversation,
                                          std::uint64_t message) const {
  const FramedSession::Made& made = conversation.framed.made_of(message);
  const std::vector<Expected>& expect = program_->requests[made.request].expect;
  // Of one that was answered before: its answer again.
  const std::size_t next = std::min<std::size_t>(made.had, expect.size() - 1);
  return {Due::Kind::request, message, &expect[next], values_of(conversation, message)};
}

// The message that the number in `data` names: one that waits for its answer, or one that had it.
FramedDialect::Due FramedDialect::named(const Conversation& conversation, const MatchField& field,
                                        Data data) const {
  const auto number = matched_number(field, data);
  if (!number) return {Due::Kind::unreadable};
  const FramedSession& session = conversation.framed;
  if (session.script_answer != nullptr) {
    const Due due = oldest(conversation);
    const bool is_its =
        framed::number_of(field.of, field.format, due.values) % field.format.distinct() == *number;
    return is_its ? due : Due{};
  }
  if (field.of == framed::NumberSource::identifier && *number == 0) return {};
  const std::uint64_t numbers = framed::distinct_numbers(field);
  const std::uint64_t value = *number - (field.of == framed::NumberSource::identifier ? 1 : 0);
  // Numbers rise by one with each message, and go round: the latest message with this one.
  const std::uint64_t next = conversation.window.next_message();
  const std::uint64_t next_sequence = program_->first_sequence + login_messages_ + next;
  const std::uint64_t back =
      (next_sequence % numbers + numbers - value % numbers - 1) % numbers + 1;
  if (back > next - session.made_since || back > session.made.size()) return {};
  return request(conversation, next - back);
}

framed::Origin FramedDialect::origin_of(const Conversation& conversation,
                                        std::uint64_t message) const noexcept {
  return {seed_, static_cast<std::uint32_t>(conversation.session),
          program_->first_sequence + login_messages_ + message};
}

Values FramedDialect::values_of(const Conversation& conversation, std::uint64_t message) const {
  return {origin_of(conversation, message), conversation.framed.made_of(message).time_us};
}

// Which request it is follows from its origin, so a message that is yet to come has a name, too.
std::uint64_t FramedDialect::named_number(const Conversation& conversation,
                                          std::uint64_t message) const {
  const framed::Origin origin = origin_of(conversation, message);
  return framed::named_number(*program_, program_->requests[choose_request(origin)].send, origin);
}

Values FramedDialect::next_values(const Conversation& conversation, std::int64_t now_ns) const {
  const FramedSession& session = conversation.framed;
  const std::uint64_t sent = session.script_sent + conversation.window.next_message();
  return {
      {seed_, static_cast<std::uint32_t>(conversation.session), program_->first_sequence + sent},
      static_cast<std::uint64_t>((now_ns - session.began_ns) / kMicrosecond_ns)};
}

std::uint32_t FramedDialect::choose_request(const framed::Origin& origin) const noexcept {
  if (program_->requests.size() == 1) return 0;
  const std::uint32_t drawn = framed::random_word(origin, framed::kRequestField);
  std::uint32_t request = 0;
  while (request + 1 < program_->requests.size() && drawn >= program_->requests[request].below) {
    ++request;
  }
  return request;
}

void FramedDialect::append_message(Conversation& conversation, const framed::Pattern& pattern,
                                   const Values& values) {
  const std::size_t bytes = framed::message_bytes(*program_, pattern, values);
  framed::write_message(*program_, pattern, values, append(conversation, bytes));
}

Mismatch FramedDialect::mismatch(const Conversation& conversation) const {
  const Data unread = conversation.inbox.unread();
  Mismatch found{.what = not_the_answer(conversation.framed.phase), .got = Excerpt::of(unread)};
  Data content = unread;
  bool whole = false;
  if (program_->framing.by != framed::Framing::By::message) {
    const framed::Cut cut = framed::cut_message(*program_, unread);
    if (cut.status == framed::Cut::Status::broken) found.what = cut.what;
    if (cut.status != framed::Cut::Status::complete) return found;
    content = unread.first(cut.content_bytes);
    whole = true;
  }
  const Due due = due_answer(conversation, content);
  if (due.expected == nullptr) {
    const bool nothing = conversation.window.outstanding() == 0;
    found.what = nothing                             ? "it came without a request"
                 : due.kind == Due::Kind::unreadable ? not_a_name(*program_, content)
                                                     : "a number of no request on this connection";
    found.got = Excerpt::of(content);
    return found;
  }
  framed::Difference difference{.what = "longer than any message of the description"};
  framed::match_message(*program_, due.expected->items, content, due.values, whole, &difference);
  if (due.kind == Due::Kind::request) found.message = due.message;
  found.offset = difference.offset;
  if (due.kind == Due::Kind::request) found.what = difference.what;
  found.expected = difference.expected;
  found.got = Excerpt::of(content.subspan(std::min(difference.offset, content.size())));
  return found;
}

Mismatch FramedDialect::reported_error(const Conversation& conversation) const {
  return conversation.framed.reported;
}

}  // namespace oversoak::fleet
