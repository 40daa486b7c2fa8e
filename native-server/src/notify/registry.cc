#include "notify/registry.h"

#include "fatal.h"
#include "notify/async_select.h"
#include "notify/completion_routine.h"
#include "notify/event.h"
#include "notify/event_select.h"
#include "notify/select.h"

namespace oversoak::notify {

const std::vector<NotifierKind>& all_notifiers() {
  static const std::vector<NotifierKind> kinds{
      NotifierKind::iocp,   NotifierKind::completion_routine, NotifierKind::event,
      NotifierKind::select, NotifierKind::event_select,       NotifierKind::async_select};
  return kinds;
}

std::string_view name_of(NotifierKind kind) noexcept {
  switch (kind) {
    case NotifierKind::iocp:
      return "iocp";
    case NotifierKind::completion_routine:
      return "completion-routine";
    case NotifierKind::event:
      return "event";
    case NotifierKind::select:
      return "select";
    case NotifierKind::event_select:
      return "event-select";
    case NotifierKind::async_select:
      return "async-select";
  }
  fatal("a notifier without a name");
}

std::optional<NotifierKind> find_notifier(std::string_view name) noexcept {
  for (const NotifierKind kind : all_notifiers()) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::unique_ptr<Notifier> make_notifier(NotifierKind kind, const IocpSettings& iocp) {
  switch (kind) {
    case NotifierKind::iocp:
      return std::make_unique<Iocp>(iocp);
    case NotifierKind::completion_routine:
      return std::make_unique<CompletionRoutine>();
    case NotifierKind::event:
      return std::make_unique<Event>();
    case NotifierKind::select:
      return std::make_unique<Select>();
    case NotifierKind::event_select:
      return std::make_unique<EventSelect>();
    case NotifierKind::async_select:
      return std::make_unique<AsyncSelect>();
  }
  fatal("a notifier without a maker");
}

}  // namespace oversoak::notify
