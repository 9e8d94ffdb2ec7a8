// Wiring: which real clock, store, keys, workers and sockets the rest is handed.
#pragma once

namespace claviger::app {

int main(int argc, char** argv);

}  // namespace claviger::app
