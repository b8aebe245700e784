// The panels, in the order of their tabs.
import { FeatureTree } from "/page/feature_tree.js";
import { LensPanel } from "/page/lens_panel.js";

export const panels = [
  { name: "lens", title: "Lens", component: LensPanel },
  { name: "features", title: "Features", component: FeatureTree },
];
