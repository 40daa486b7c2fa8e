#include "notify/registry.h"

#include <algorithm>

#include "notify/async_select.h"
#include "notify/completion_routine.h"
#include "notify/event.h"
#include "notify/event_select.h"
#include "notify/select.h"

namespace oversoak::notify {
namespace {

std::unique_ptr<Notifier> make_iocp(const IocpSettings& iocp) {
  return std::make_unique<Iocp>(iocp);
}

template <typename Kind>
std::unique_ptr<Notifier> make(const IocpSettings&) {
  return std::make_unique<Kind>();
}

// The readiness models are the baselines that the overlapped ones are measured against.
constexpr NotifierKind kNotifiers[] = {
    {"iocp", make_iocp},
    {"completion-routine", make<CompletionRoutine>},
    {"event", make<Event>},
    {"select", make<Select>},
    {"event-select", make<EventSelect>},
    {"async-select", make<AsyncSelect>},
};

}  // namespace

std::span<const NotifierKind> all_notifiers() noexcept { return kNotifiers; }

const NotifierKind* find_notifier(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kNotifiers, name, &NotifierKind::name);
  return found == std::end(kNotifiers) ? nullptr : found;
}

}  // namespace oversoak::notify
