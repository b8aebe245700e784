// The panels, in the order of their tabs.
import { Faults } from "/page/faults.js";
import { FeatureTree } from "/page/feature_tree.js";
import { Housing } from "/page/housing.js";
import { Journal } from "/page/journal.js";
import { LensPanel } from "/page/lens_panel.js";
import { Network } from "/page/network.js";
import { Scenarios } from "/page/scenarios.js";
import { ScopePanel } from "/page/scope.js";
import { SideView } from "/page/side_view.js";
import { WorldPanel } from "/page/world.js";

/** A wide panel takes the larger part of the page. */
export const panels = [
  { name: "lens", title: "Lens", component: LensPanel },
  { name: "world", title: "World", component: WorldPanel },
  { name: "side", title: "Side view", component: SideView },
  { name: "features", title: "Features", component: FeatureTree },
  { name: "scope", title: "Scope", component: ScopePanel, wide: true },
  { name: "faults", title: "Faults", component: Faults },
  { name: "network", title: "Network", component: Network },
  { name: "journal", title: "Journal", component: Journal, wide: true },
  { name: "scenarios", title: "Scenarios", component: Scenarios },
  { name: "housing", title: "Housing", component: Housing },
];
