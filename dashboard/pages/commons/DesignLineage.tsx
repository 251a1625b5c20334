// Where a design came from, and what came of it here, as a tree.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Badge, Card, Group, Loader, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { Design } from '../../../server/contract/commons.ts'
import { type Lineage, type LineageNode, showLineage } from '../../../server/contract/lineage.ts'
import { formatInstant } from '../../format.ts'
import { useEndpoint } from '../../state/use-endpoint.ts'

export const DesignLineage = ({ design }: { design: Design }) => {
  const lineage = useEndpoint(showLineage, { params: { kind: 'design', id: design.id } })
  return (
    <Stack gap="md" maw={860}>
      {design.ancestors.length > 0 && (
        <div>
          <Text fw={600}>
            <Trans>Based on</Trans>
          </Text>
          <ul className="plain-list">
            {design.ancestors.map(({ title, address, commit, designId }) => (
              <Text component="li" size="sm" key={`${title} ${address}`} className="break-anywhere">
                {designId !== null ? (
                  <Anchor component={Link} href={`/designs/${designId}`} inherit>
                    {title}
                  </Anchor>
                ) : /^https?:\/\//.test(address) ? (
                  <Anchor href={address} target="_blank" rel="noopener noreferrer" inherit>
                    {title || address}
                  </Anchor>
                ) : (
                  title
                )}
                {commit !== null && ` @ ${commit.slice(0, 10)}`}
              </Text>
            ))}
          </ul>
        </div>
      )}
      {lineage.isPending && <Loader />}
      {lineage.error && <Alert color="red">{lineage.error.message}</Alert>}
      {lineage.data && <LineageTree lineage={lineage.data} />}
    </Stack>
  )
}

interface Branch {
  readonly node: LineageNode
  readonly children: readonly Branch[]
}

/** What came of each thing below it; what has several parents stands below the first. */
const branchesOf = ({ nodes, edges, root }: Lineage): { above: LineageNode[]; tree: Branch | null } => {
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const placed = new Set([root])
  const down = (key: string): Branch[] =>
    edges
      .filter(({ from, relation }) => from === key && relation !== 'same-bytes')
      .flatMap(({ to }) => {
        const node = byKey.get(to)
        if (node === undefined || placed.has(to)) return []
        placed.add(to)
        return [{ node, children: down(to) }]
      })
  const node = byKey.get(root)
  const parts = partsOf(edges, root)
  const tree = node === undefined ? null : { node, children: [...parts.flatMap((key) => branch(key)), ...down(root)] }
  function branch(key: string): Branch[] {
    const part = byKey.get(key)
    if (part === undefined || placed.has(key)) return []
    placed.add(key)
    return [{ node: part, children: down(key) }]
  }
  return { above: nodes.filter(({ key }) => !placed.has(key)), tree }
}

/** Files are part of their design: whichever way round the link is told, they stand below it. */
const partsOf = (edges: Lineage['edges'], root: string): string[] =>
  edges
    .filter(({ relation, from, to }) => relation === 'part-of' && (from === root || to === root))
    .map(({ from, to }) => (from === root ? to : from))

const LineageTree = ({ lineage }: { lineage: Lineage }) => {
  const { t } = useLingui()
  const { above, tree } = branchesOf(lineage)
  return (
    <>
      {above.length > 0 && (
        <Card withBorder component="section" aria-label={t`What it came from`}>
          <ul className="lineage">
            {above.map((node) => (
              <li key={node.key}>
                <NodeLine node={node} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {tree && (
        <Card withBorder component="section" aria-label={t`What came of it`}>
          <ul className="lineage">
            <BranchLine branch={tree} />
          </ul>
        </Card>
      )}
      {lineage.isCut && (
        <Text size="sm" c="dimmed">
          <Trans>There is more than is shown.</Trans>
        </Text>
      )}
    </>
  )
}

const BranchLine = ({ branch }: { branch: Branch }) => (
  <li>
    <NodeLine node={branch.node} />
    {branch.children.length > 0 && (
      <ul>
        {branch.children.map((child) => (
          <BranchLine key={child.node.key} branch={child} />
        ))}
      </ul>
    )}
  </li>
)

const NodeLine = ({ node }: { node: LineageNode }) => {
  const { t } = useLingui()
  const kinds = {
    design: t`design`,
    'design-file': t`file`,
    derived: t`made here`,
    'gcode-file': t`G-code`,
    print: t`print`,
    make: t`make`,
  }
  const derived = {
    render: t`rendered`,
    adaptation: t`adapted`,
    repair: t`repaired`,
    plate: t`plate`,
    slice: t`sliced`,
    gcode: t`G-code`,
  }
  const kind = node.derivedKind === null ? kinds[node.kind] : derived[node.derivedKind]
  const values = Object.entries(node.parameters)
    .filter(([, value]) => typeof value !== 'object')
    .slice(0, 5)
    .map(([name, value]) => `${name} ${String(value)}`)
  const facts = [formatInstant(node.date), node.by, node.licence, node.commit?.slice(0, 10), node.outcome, ...values]
  return (
    <div className="lineage-node">
      <Group gap={8}>
        <Badge variant="light" color={node.kind === 'print' ? 'tile' : 'slate'} className="state-badge">
          {kind}
        </Badge>
        {node.kind === 'design' ? (
          <Anchor component={Link} href={`/designs/${node.id}`} size="sm" fw={600} className="break-anywhere">
            {node.name}
          </Anchor>
        ) : (
          <Text size="sm" fw={550} className="break-anywhere">
            {node.name}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" className="break-anywhere" title={node.hash ?? ''}>
        {facts.filter(Boolean).join(' · ')}
      </Text>
    </div>
  )
}
