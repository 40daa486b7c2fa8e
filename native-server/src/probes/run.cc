#include "probes/run.h"

#include <exception>
#include <thread>

#include "io/sockets.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

Answer answer_of(const Probe& probe, const Calls& calls) {
  Findings findings;
  try {
    const io::Library winsock;
    probe.run(calls, findings);
    return findings.answer();
  } catch (const Unsupported& reason) {
    return findings.without_answer(Outcome::unsupported, reason.what());
  } catch (const std::exception& reason) {
    return findings.without_answer(Outcome::inconclusive, reason.what());
  }
}

}  // namespace

Answer run(const Probe& probe, Plant plant) {
  Calls calls;
  if (plant == Plant::opposite) probe.plant_opposite(calls);
  if (plant == Plant::hang) plant_hang(calls);
  Answer answer;
  std::thread thread([&] {
    const Stopwatch watch;
    answer = answer_of(probe, calls);
    answer.elapsed_ms = watch.ms();
  });
  thread.join();
  return answer;
}

}  // namespace oversoak::probes
