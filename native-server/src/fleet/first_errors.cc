#include "fleet/first_errors.h"

#include <algorithm>

namespace oversoak::fleet {

void FirstErrors::note(const ErrorEvidence& evidence) {
  ++seen_[index(evidence.error)];
  const std::lock_guard lock(mutex_);
  kept_.push_back(evidence);
}

void FirstErrors::copy_to(std::vector<ErrorEvidence>& all) const {
  const std::lock_guard lock(mutex_);
  all.insert(all.end(), kept_.begin(), kept_.end());
}

std::vector<ErrorEvidence> first_of(std::vector<ErrorEvidence> all) {
  std::ranges::stable_sort(all, {}, &ErrorEvidence::at_ns);
  std::array<std::size_t, kValuesOf<FleetError>> seen{};
  std::erase_if(all, [&](const ErrorEvidence& evidence) {
    return ++seen[static_cast<std::size_t>(evidence.error)] > FirstErrors::kMaxOfClass;
  });
  return all;
}

}  // namespace oversoak::fleet
