#include "app/try/interruption.hpp"

namespace claviger::app {
namespace {

// Of the process, as signals are.
volatile sig_atomic_t interrupted = 0;

extern "C" void note_interruption(int) { interrupted = 1; }

}  // namespace

Interruption::Interruption() {
  interrupted = 0;
  struct sigaction action{};
  action.sa_handler = note_interruption;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second one ends the process at once
  ::sigaction(SIGINT, &action, &before_interrupt_);
  ::sigaction(SIGTERM, &action, &before_terminate_);
}

Interruption::~Interruption() {
  ::sigaction(SIGINT, &before_interrupt_, nullptr);
  ::sigaction(SIGTERM, &before_terminate_, nullptr);
}

bool Interruption::came() { return interrupted != 0; }

}  // namespace claviger::app
