#include "io/registry.h"

#include <algorithm>

namespace oversoak::io {

const NotifierKind* find_notifier(std::string_view name) noexcept {
  const auto all = all_notifiers();
  const auto found = std::ranges::find(all, name, &NotifierKind::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace oversoak::io
