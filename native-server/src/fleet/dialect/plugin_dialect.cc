#include "fleet/dialect/plugin_dialect.h"

#include <algorithm>
#include <span>
#include <utility>

namespace oversoak::fleet {

using Kind = Plugin::Heard::Kind;

PluginDialect::PluginDialect(std::shared_ptr<const Plugin> plugin)
    : plugin_(std::move(plugin)), buffer_(plugin_->longest_request_bytes()) {}

std::size_t PluginDialect::longest_message_bytes() const noexcept {
  return plugin_->longest_request_bytes();
}

std::size_t PluginDialect::longest_answer_bytes() const noexcept {
  return plugin_->longest_answer_bytes();
}

void PluginDialect::begin(Conversation& conversation, Random& random) {
  conversation.plugin.begin(*plugin_, conversation.session, random.next());
}

ScriptTurn PluginDialect::continue_script(Conversation& conversation, Script script, std::int64_t) {
  if (script == Script::logout) return {ScriptTurn::Kind::over};
  const Plugin::Login login = plugin_->login(conversation.plugin.state.get(), buffer_);
  if (login.bytes > 0) {
    const auto room = conversation.outbox.append(login.bytes);
    if (room.empty()) plugin_->broke_rules("login", "returned more and more bytes, without an end");
    std::copy_n(buffer_.begin(), login.bytes, room.begin());
  }
  return {login.over ? ScriptTurn::Kind::over : ScriptTurn::Kind::waits};
}

void PluginDialect::write_message(Conversation& conversation, std::int64_t, std::int64_t, Random&) {
  const std::uint64_t number = conversation.window.next_message();
  const std::size_t bytes = plugin_->say(conversation.plugin.state.get(), number, buffer_);
  std::copy_n(buffer_.begin(), bytes, append(conversation, bytes).begin());
}

Received PluginDialect::read_answer(Conversation& conversation) {
  const std::span<const std::byte> unread = std::as_const(conversation.inbox).unread();
  if (unread.empty()) return {};
  const Plugin::Heard heard = plugin_->hear(conversation.plugin.state.get(), unread, text_);
  switch (heard.kind) {
    case Kind::more:
      if (unread.size() < plugin_->longest_answer_bytes()) return {};
      return refuse(conversation, "longer than the longest answer of the plug-in");
    case Kind::answer:
      return take_answer(conversation, heard);
    case Kind::ignored:
      conversation.inbox.consume(heard.consumed);
      return {Received::Kind::other};
    case Kind::error:
      return take_error(conversation, heard);
    case Kind::corrupt:
      break;
  }
  const char* const what = text_.is_given() ? text_.c_str() : "not what the plug-in expected";
  const Received received = refuse(conversation, what);
  if (heard.number < conversation.window.next_message()) {
    found_.message = heard.number;
  }
  return received;
}

Received PluginDialect::take_answer(Conversation& conversation, const Plugin::Heard& heard) {
  if (heard.number >= conversation.window.next_message()) {
    return refuse(conversation, "an answer to a request that was not sent on this connection");
  }
  conversation.inbox.consume(heard.consumed);
  return {Received::Kind::echo, settle(conversation, heard.number)};
}

Received PluginDialect::take_error(Conversation& conversation, const Plugin::Heard& heard) {
  const bool names_request = heard.number != OVERSOAK_NO_REQUEST;
  if (names_request && heard.number >= conversation.window.next_message()) {
    return refuse(conversation, "an error of a request that was not sent on this connection");
  }
  const auto got = std::as_const(conversation.inbox).unread().first(heard.consumed);
  const char* const what = text_.is_given() ? text_.c_str() : "an answer that reports an error";
  found_ = {.what = what, .got = Excerpt::of(got)};
  conversation.inbox.consume(heard.consumed);
  Received received{Received::Kind::error};
  if (!names_request) return received;
  found_.message = heard.number;
  received.echo = settle(conversation, heard.number);
  return received;
}

// The request is answered.
Echo PluginDialect::settle(Conversation& conversation, std::uint64_t number) const {
  Echo echo = conversation.window.echoed(conversation.window.sequence_of(number));
  if (plugin_->answers_in_any_order() && echo.kind == EchoKind::out_of_order) {
    echo.kind = EchoKind::in_order;
  }
  return echo;
}

Received PluginDialect::refuse(const Conversation& conversation, const char* what) {
  found_ = {.what = what, .got = Excerpt::of(conversation.inbox.unread())};
  return {Received::Kind::corrupt};
}

// Asked for at once, before another answer is read.
Mismatch PluginDialect::mismatch(const Conversation&) const { return found(); }

Mismatch PluginDialect::reported_error(const Conversation&) const { return found(); }

// To be kept, other than the text of the latest answer.
Mismatch PluginDialect::found() const {
  Mismatch kept = found_;
  kept.what = plugin_->keep(found_.what);
  return kept;
}

}  // namespace oversoak::fleet
