#include "notify/registry.h"

#include "fatal.h"
#include "notify/completion_routine.h"
#include "notify/event.h"

namespace oversoak::notify {

const std::vector<NotifierKind>& all_notifiers() {
  static const std::vector<NotifierKind> kinds{NotifierKind::iocp, NotifierKind::completion_routine,
                                               NotifierKind::event};
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
  }
  fatal("a notifier without a maker");
}

}  // namespace oversoak::notify
