#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace oversoak::probes {

enum class Outcome : std::uint8_t { holds, does_not_hold, unsupported, inconclusive };

// A measured number. Its unit and meaning stand with its name in contracts' catalogue, and so do
// the rows of a probe that answers with a table.
struct Figure {
  std::string row;  // empty: not of a table
  std::string name;
  std::optional<double>
      value;  // none: the platform does not report it, or the probe did not reach it
};

struct Answer {
  Outcome outcome = Outcome::inconclusive;
  std::string note;  // what was not as claimed, or why there is no answer
  double elapsed_ms = 0;
  std::vector<Figure> figures;
};

// Ends a probe whose preconditions are missing: no connection, no memory, too few ports.
struct Inconclusive : std::runtime_error {
  using runtime_error::runtime_error;
};

// Ends a probe of something that the platform does not have.
struct Unsupported : std::runtime_error {
  using runtime_error::runtime_error;
};

// What a probe gathers while it runs.
class Findings {
 public:
  void figure(const char* name, std::optional<double> value) { figure("", name, value); }
  void figure(const char* row, const char* name, std::optional<double> value) {
    figures_.push_back({row, name, value});
  }
  template <typename Number>
  void figure(const char* name, Number value) {
    figure("", name, std::optional(static_cast<double>(value)));
  }
  template <typename Number>
  void figure(const char* row, const char* name, Number value) {
    figure(row, name, std::optional(static_cast<double>(value)));
  }

  // The claim holds if all that was expected was so.
  void expect(bool so, const std::string& what) {
    if (so) return;
    if (!missed_.empty()) missed_ += "; ";
    missed_ += what;
  }

  Answer answer() const {
    const Outcome outcome = missed_.empty() ? Outcome::holds : Outcome::does_not_hold;
    return {outcome, missed_.empty() ? "" : "expected: " + missed_, 0, figures_};
  }
  Answer without_answer(Outcome outcome, std::string why) const {
    return {outcome, std::move(why), 0, figures_};
  }

 private:
  std::string missed_;
  std::vector<Figure> figures_;
};

}  // namespace oversoak::probes
