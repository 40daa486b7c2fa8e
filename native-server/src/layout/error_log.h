#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "game/player_container.h"
#include "io/address.h"
#include "io/error.h"
#include "metrics/first_of_class.h"
#include "metrics/server_errors.h"
#include "wire/excerpt.h"

namespace oversoak::layout {

// One error of a server, with what is known of it; contracts/src/figures/error-evidence.ts says
// what each field is.
struct ErrorEvidence {
  metrics::ServerError error = metrics::ServerError::end;
  std::int64_t at_ns = 0;                  // os::now_ns
  const char* what = "";                   // of static storage
  std::optional<game::PlayerId> player{};  // of the session
  io::Address peer{};                      // none: not known
  io::Error code{};                        // of the system; none: it reported none
  std::optional<std::uint64_t> message{};  // its number in the session, from 0
  wire::Excerpt got{};
};

// What one thread counts of a server's errors, and the first ones of each class. That thread alone
// writes. It stands here, for layouts and the server both write one.
class ErrorLog {
 public:
  // `evidence()` is called for the first ones of the class alone.
  template <typename EvidenceOf>
  void add(metrics::ServerError error, EvidenceOf evidence) {
    counts_.add(error);
    if (first_.wants(error)) first_.note(evidence());
  }

  metrics::ServerErrorCounts load() const noexcept { return counts_.load(); }
  void copy_first_to(std::vector<ErrorEvidence>& all) const { first_.copy_to(all); }

 private:
  metrics::ServerErrors counts_;
  metrics::FirstOfClass<ErrorEvidence> first_;
};

}  // namespace oversoak::layout
